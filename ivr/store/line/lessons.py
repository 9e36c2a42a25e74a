"""Learning from staff: sentences that the line misread, where staff then put another need, wait for a supervisor.

They are not kept a second time: they are found in the turns of calls, and gone with them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload

from ivr.store.access import rules
from ivr.store.facts import line
from ivr.store.facts.history import Need
from ivr.store.line import changes
from ivr.store.line.changes import About
from ivr.store.models import Call, HistoryLine, Staff, Ticket, Turn
from routing.questions import About as Asked

RECENT = timedelta(days=90)
MOST_LISTED = 50
MOST_CORRECTED = 500  # tickets that are looked through


@dataclass(frozen=True, slots=True)
class Misread:
    """A sentence, which need staff then put, and the newest turn of the *times* it was heard."""

    key: str
    sentence: str
    language: str
    need: str
    turn: Turn
    times: int


def about(key: str) -> About:
    """The setting of the lesson of this key."""
    return About(line.Lesson, key)


def waiting(db: Session, staff: Staff, now: datetime) -> list[Misread]:
    """The sentences that nobody has decided about, of tickets that *staff* may see, the newest first.

    Test calls teach nothing. The number of queries is constant.
    """
    decided = changes.latest_of(db, line.Lesson)
    found: dict[tuple[str, str], Misread] = {}
    for turn in _misread(db, now):
        ticket = turn.call.ticket
        if ticket is None or ticket.need is None or not rules.sees(staff, ticket):
            continue
        key = line.lesson_key(turn.call.language, turn.words)
        if key in decided and decided[key].after is not None:
            continue
        newest = found.get((key, ticket.need))
        times = newest.times + 1 if newest else 1
        found[key, ticket.need] = Misread(
            key, turn.words, turn.call.language, ticket.need, newest.turn if newest else turn, times
        )
    return list(found.values())[:MOST_LISTED]


def _misread(db: Session, now: datetime) -> Iterator[Turn]:
    """What was said when asked for the need, and was not understood as the ticket now has it; the newest first."""
    corrected = (
        select(HistoryLine.ticket_id)
        .where(HistoryLine.kind == Need.kind, HistoryLine.staff_id.is_not(None), HistoryLine.at >= now - RECENT)
        .order_by(HistoryLine.id.desc())
        .limit(MOST_CORRECTED)
    )
    turns = (
        select(Turn)
        .join(Turn.call)
        .join(Call.ticket)
        .where(Ticket.id.in_(corrected), ~Ticket.test, Turn.about == Asked.NEED)
        .options(defer(Turn.reply), joinedload(Turn.call).joinedload(Call.ticket))
        .order_by(Turn.id.desc())
    )
    for turn in db.scalars(turns):
        if turn.words and turn.call.ticket and turn.understood.get("need") != turn.call.ticket.need:
            yield turn
