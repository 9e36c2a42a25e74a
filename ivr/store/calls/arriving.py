"""What we may know when a call arrives, before the caller has said a word."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, FromClause, ScalarSelect, Table, bindparam, or_, select
from sqlalchemy.orm import Session

from ivr.store.callers.phones import PHONES
from ivr.store.facts import history as entries
from ivr.store.facts.history import Entry
from ivr.store.hotline import ANSWERING, DUTY, HOTLINE, Answering
from ivr.store.models import (
    AUTOMATIC,
    OPEN_STATUSES,
    Call,
    CallerCard,
    CommunityRow,
    HistoryLine,
    Outgoing,
    Staff,
    Ticket,
)
from ivr.store.models.phone import bound, is_bound
from ivr.store.tickets.matters import JOINS_WITHIN

TOLD_WITHIN = timedelta(days=3)  # so long a caller is told what was done
RETURNS_WITHIN = timedelta(days=1)  # so long they may wonder who rang
MAX_TOLD = 80  # characters of it: a quarter of a minute


@dataclass(frozen=True, slots=True)
class CallerFacts:
    """What we may know of a caller before they speak: their last community and language, whether the line is to be slow
    with them, and what became of their matter: the open one, else one that was done lately.

    ``standing`` is one of ``ivr.flow.standing``, empty when there is no matter; ``holder`` the role of who has it;
    ``due_at`` the call back that was promised last and not made yet; ``done`` what staff wrote for the caller.
    ``rang_back``: we tried to reach them lately in vain, and they have not rung since.
    """

    community: str | None = None
    language: str | None = None
    slow: bool = False
    open_ticket: int | None = None
    need: str | None = None
    standing: str = ""
    holder: str = ""
    due_at: datetime | None = None
    done: str = ""
    rang_back: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """How calls are answered now, what is known of the caller, and the ids of those numbers that have a row."""

    answering: Answering
    facts: CallerFacts
    phone_ids: dict[str, int] = field(default_factory=dict)


def known(db: Session, caller: str | None, called: str | None, now: datetime) -> Known:
    """What the hotline's row, earlier tickets and calls, and the card of *caller* (E.164) tell; one statement.

    A ticket made for somebody else is no memory of theirs.
    """
    values = {
        **bound("caller", caller),
        **bound("called", called),
        "since": now - JOINS_WITHIN,
        "told_since": now - TOLD_WITHIN,
        "rang_since": now - RETURNS_WITHIN,
    }
    row: Any = db.execute(KNOWN, values).one()
    numbers = {caller: row.caller_id, called: row.called_id}
    return Known(
        Answering(*row[-len(ANSWERING) :]),
        CallerFacts(
            row.home or row.lived, row.language, bool(row.slow), **_matter(row), rang_back=row.rang_at is not None
        ),
        {e164: row_id for e164, row_id in numbers.items() if e164 and row_id},
    )


def _matter(row: Any) -> dict[str, Any]:
    if row.waiting_id is not None:
        reached = row.talked_at is not None or (row.last_attempt_at is not None and not row.attempts)
        return {
            "open_ticket": row.waiting_id,
            "need": row.waiting_need,
            "standing": _standing(row),
            "holder": row.role or "",
            "due_at": None if reached else row.due_again_at or row.due_at,
        }
    match Entry.read(entries.Resolved.kind, row.resolved or {}):
        case entries.Resolved(result="helped", done=done, noted=noted) if row.resolved_at:
            told = "" if noted or len(done) > MAX_TOLD else done.strip().rstrip("。.")
            return {"need": row.resolved_need, "standing": "helped", "done": told}
        case entries.Resolved() if row.resolved_at:
            return {"need": row.resolved_need, "standing": "not_reached"}
    return {}


def _standing(row: Any) -> str:
    if row.on_the_way_at is not None:
        return "on_the_way"
    if row.attempts:
        return "tried"
    return "claimed" if row.status == "claimed" else "waiting"


TICKETS, PLACES, CARDS, CALLS, LINES, PEOPLE, PLACED = (
    cast(Table, model.__table__) for model in (Ticket, CommunityRow, CallerCard, Call, HistoryLine, Staff, Outgoing)
)
IN_VAIN = ("no_answer", "busy", "failed", "machine")
CALLER, CALLED = PHONES.alias(), PHONES.alias()
HOME, LIVED, WAITING, DONE, SPOKEN = (table.alias() for table in (PLACES, TICKETS, TICKETS, TICKETS, CALLS))


def _newest(source: FromClause, *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    """The id of the caller's newest ticket of these conditions."""
    theirs = select(TICKETS.c.id).select_from(source).where(TICKETS.c.caller_id == CALLER.c.id, *conditions)
    newest = theirs.order_by(TICKETS.c.opened_at.desc(), TICKETS.c.id.desc()).limit(1)
    return newest.correlate(CALLER).scalar_subquery()


AT_A_PLACE = TICKETS.join(PLACES, PLACES.c.code == TICKETS.c.community_code)
LAST_LIVED = _newest(AT_A_PLACE, TICKETS.c.for_another.is_(False), PLACES.c.retired_at.is_(None))
SPOKEN_OF = TICKETS.c.confidential.is_(False)  # whoever rings from the same telephone need not be the caller
OPEN_LATELY = _newest(
    TICKETS, TICKETS.c.status.in_(OPEN_STATUSES), TICKETS.c.opened_at >= bindparam("since"), SPOKEN_OF
)
DONE_LATELY = _newest(
    TICKETS,
    TICKETS.c.resolved_at >= bindparam("told_since"),
    TICKETS.c.cancelled_at.is_(None),
    TICKETS.c.merged_into_id.is_(None),
    SPOKEN_OF,
)
LAST_CALL = (
    select(CALLS.c.id)
    .where(CALLS.c.caller_id == CALLER.c.id)
    .order_by(CALLS.c.started_at.desc(), CALLS.c.id.desc())
    .limit(1)
    .correlate(CALLER)
    .scalar_subquery()
)
# Theirs rang, and nobody spoke: since their last call.
RANG = (
    select(PLACED.c.asked_at)
    .where(PLACED.c.phone_id == CALLER.c.id, PLACED.c.asked_at >= bindparam("rang_since"))
    .where(PLACED.c.taken_at.is_not(None) | PLACED.c.kind.in_(AUTOMATIC))
    .where(PLACED.c.outcome.in_(IN_VAIN) | (PLACED.c.result == "not_reached"))
    .where(or_(SPOKEN.c.id.is_(None), SPOKEN.c.started_at < PLACED.c.asked_at))
    .order_by(PLACED.c.asked_at.desc())
    .limit(1)
    .correlate(CALLER, SPOKEN)
    .scalar_subquery()
)
RESOLVED = (
    select(LINES.c.detail)
    .where(LINES.c.ticket_id == DONE.c.id, LINES.c.kind == entries.Resolved.kind)
    .order_by(LINES.c.id.desc())
    .limit(1)
    .correlate(DONE)
    .scalar_subquery()
)
KNOWN = (
    select(
        HOME.c.code.label("home"),
        LIVED.c.community_code.label("lived"),
        SPOKEN.c.language,
        CARDS.c.slow,
        WAITING.c.id.label("waiting_id"),
        WAITING.c.need.label("waiting_need"),
        WAITING.c.status,
        WAITING.c.due_at,
        WAITING.c.due_again_at,
        WAITING.c.attempts,
        WAITING.c.last_attempt_at,
        WAITING.c.talked_at,
        WAITING.c.on_the_way_at,
        PEOPLE.c.role,
        RANG.label("rang_at"),
        DONE.c.need.label("resolved_need"),
        DONE.c.resolved_at,
        RESOLVED.label("resolved"),
        CALLER.c.id.label("caller_id"),
        CALLED.c.id.label("called_id"),
        *ANSWERING,
    )
    .select_from(
        HOTLINE.outerjoin(DUTY, DUTY.c.id == HOTLINE.c.duty_phone_id)
        .outerjoin(CALLER, is_bound(CALLER, "caller"))
        .outerjoin(CALLED, is_bound(CALLED, "called"))
        .outerjoin(CARDS, CARDS.c.phone_id == CALLER.c.id)
        .outerjoin(HOME, (HOME.c.code == CARDS.c.community_code) & HOME.c.retired_at.is_(None))
        .outerjoin(LIVED, LIVED.c.id == LAST_LIVED)
        .outerjoin(SPOKEN, SPOKEN.c.id == LAST_CALL)
        .outerjoin(WAITING, WAITING.c.id == OPEN_LATELY)
        .outerjoin(PEOPLE, PEOPLE.c.id == WAITING.c.claimed_by_id)
        .outerjoin(DONE, DONE.c.id == DONE_LATELY)
    )
    .where(HOTLINE.c.id == 1)
)
