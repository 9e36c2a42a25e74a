"""What we may know when a call arrives, before the caller has said a word."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, FromClause, ScalarSelect, Table, bindparam, select
from sqlalchemy.orm import Session

from ivr.store.callers.phones import PHONES
from ivr.store.hotline import ANSWERING, DUTY, HOTLINE, Answering
from ivr.store.models import OPEN_STATUSES, CallerCard, CommunityRow, Ticket
from ivr.store.tickets.matters import JOINS_WITHIN


@dataclass(frozen=True, slots=True)
class CallerFacts:
    """What we may know of a caller before they speak: their last community, a matter that is still open, and whether
    the line is to be slow with them.
    """

    community: str | None = None
    open_ticket: int | None = None
    open_need: str | None = None
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """How calls are answered now, what is known of the caller, and the ids of those numbers that have a row."""

    answering: Answering
    facts: CallerFacts
    phone_ids: dict[str, int] = field(default_factory=dict)


def known(db: Session, caller: str | None, called: str | None, now: datetime) -> Known:
    """What the hotline's row, earlier tickets and the card of *caller* (E.164) tell; one statement.

    A ticket made for somebody else is no memory of theirs.
    """
    row: Any = db.execute(KNOWN, {"caller": caller, "called": called, "since": now - JOINS_WITHIN}).one()
    (at_home, lived, open_ticket, open_need, slow, caller_id, called_id), answering = row[:7], row[7:]
    numbers = {caller: caller_id, called: called_id}
    return Known(
        Answering(*answering),
        CallerFacts(at_home or lived, open_ticket, open_need, bool(slow)),
        {e164: row_id for e164, row_id in numbers.items() if e164 and row_id},
    )


TICKETS, PLACES, CARDS = (cast(Table, model.__table__) for model in (Ticket, CommunityRow, CallerCard))
CALLER, CALLED = PHONES.alias(), PHONES.alias()
HOME, LIVED, WAITING = PLACES.alias(), TICKETS.alias(), TICKETS.alias()


def _newest(source: FromClause, *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    """The id of the caller's newest ticket of these conditions."""
    theirs = select(TICKETS.c.id).select_from(source).where(TICKETS.c.caller_id == CALLER.c.id, *conditions)
    newest = theirs.order_by(TICKETS.c.opened_at.desc(), TICKETS.c.id.desc()).limit(1)
    return newest.correlate(CALLER).scalar_subquery()


AT_A_PLACE = TICKETS.join(PLACES, PLACES.c.code == TICKETS.c.community_code)
LAST_LIVED = _newest(AT_A_PLACE, TICKETS.c.for_another.is_(False), PLACES.c.retired_at.is_(None))
OPEN_LATELY = _newest(TICKETS, TICKETS.c.status.in_(OPEN_STATUSES), TICKETS.c.opened_at >= bindparam("since"))
KNOWN = (
    select(
        HOME.c.code,
        LIVED.c.community_code,
        WAITING.c.id,
        WAITING.c.need,
        CARDS.c.slow,
        CALLER.c.id,
        CALLED.c.id,
        *ANSWERING,
    )
    .select_from(
        HOTLINE.outerjoin(DUTY, DUTY.c.id == HOTLINE.c.duty_phone_id)
        .outerjoin(CALLER, CALLER.c.e164 == bindparam("caller"))
        .outerjoin(CALLED, CALLED.c.e164 == bindparam("called"))
        .outerjoin(CARDS, CARDS.c.phone_id == CALLER.c.id)
        .outerjoin(HOME, (HOME.c.code == CARDS.c.community_code) & HOME.c.retired_at.is_(None))
        .outerjoin(LIVED, LIVED.c.id == LAST_LIVED)
        .outerjoin(WAITING, WAITING.c.id == OPEN_LATELY)
    )
    .where(HOTLINE.c.id == 1)
)
