"""How well callers' communities are understood, week by week: at once, after asking, not at all, corrected by staff.

Counted are calls that are over, are no tests, and named a community in words. A call whose ticket staff put elsewhere
is corrected, whatever the caller heard.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from ivr.store.facts.history import Community
from ivr.store.models import AliasProposal, Call, HistoryLine, Ticket, Turn
from ivr.store.models.call import said
from routing.matching import Decision
from routing.questions import About
from routing.speech.phrases import phrase

VERDICTS = ("first", "asked", "corrected", "missed")  # at once; after asking; put elsewhere by staff; not understood


@dataclass(frozen=True, slots=True)
class Week:
    """The week that begins at ``begin``: how many calls by verdict, and how many an accepted alias won back."""

    begin: datetime
    calls: dict[str, int]
    won_back: int

    @property
    def total(self) -> int:
        return sum(self.calls.values())


def by_week(db: Session, begins: Sequence[datetime]) -> list[Week]:
    """The weeks that begin at these moments, given oldest first; the last goes on until now. Three queries."""
    week = case(*((Call.started_at >= begin, n) for n, begin in reversed(list(enumerate(begins)))))
    counted = (
        select(week.label("week"), verdict(questions()).label("verdict"))
        .join(Turn, Turn.call_id == Call.id)
        .where(Call.started_at >= begins[0], Call.ended_at.is_not(None), Call.test.is_(False))
        .group_by(Call.id)
        .having(func.count(case((named(), 1))) > 0)
        .subquery()
    )
    rows = db.execute(
        select(counted.c.week, counted.c.verdict, func.count()).group_by(counted.c.week, counted.c.verdict)
    )
    found = {(n, verdict): number for n, verdict, number in rows}
    won = _won_back(db, begins)
    return [
        Week(begin, {verdict: found.get((n, verdict), 0) for verdict in VERDICTS}, won[n])
        for n, begin in enumerate(begins)
    ]


def named() -> ColumnElement[bool]:
    """Whether a turn named a community, or tried: a sentence about the need that names none is no try."""
    decision = Turn.understood["match"]["decision"].as_string()
    return and_(decision.is_not(None), (Turn.about == About.COMMUNITY) | (decision != Decision.REJECT.value))


def verdict(questions: ColumnElement[int]) -> ColumnElement[str]:
    """How a call that named a community, and was asked for it in so many *questions*, came out."""
    corrected = (
        select(HistoryLine.id)
        .where(
            HistoryLine.ticket_id == Call.ticket_id,
            HistoryLine.kind == Community.kind,
            HistoryLine.staff_id.is_not(None),
        )
        .correlate(Call)
        .exists()
    )
    return case(
        (corrected, "corrected"),
        (Call.community_code.is_(None), "missed"),
        (questions <= 1, "first"),
        else_="asked",
    )


def questions() -> ColumnElement[int]:
    """How many of some turns asked for the community."""
    return func.count(case((Turn.about == About.COMMUNITY, 1)))


def _won_back(db: Session, begins: Sequence[datetime]) -> list[int]:
    """In each week, the calls that said, word for word, what had been taught by then, and were understood."""
    accepted = db.scalars(select(AliasProposal).where(AliasProposal.state == "accepted"))
    taught = {(each.community_code, name): each.decided_at for each in accepted for name in (each.heard, each.alias)}
    code = Turn.understood["community"].as_string()
    understood = (
        select(Call.id, Call.started_at, code, said())
        .join(Turn.call)
        .join(Call.ticket)
        .where(
            Call.started_at >= begins[0],
            Call.test.is_(False),
            Ticket.community_code == code,
            code.in_({community for community, _ in taught}),
        )
    )
    won: list[set[int]] = [set() for _ in begins]
    for call, started_at, community, text in db.execute(understood):
        since = taught.get((community, phrase(text or "")))
        if since and started_at >= since:
            won[sum(begin <= started_at for begin in begins) - 1].add(call)
    return [len(calls) for calls in won]
