"""Staff sort what calls became: two tickets of one matter are merged, a call about another matter is split off."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session, joinedload

from ivr.store.access import rules
from ivr.store.models import OPEN_STATUSES, Call, Recording, Staff, Ticket
from ivr.store.models.ticket import ids_of
from ivr.store.tickets import matters
from ivr.store.tickets.verbs import BadValue, Changed, Merged, NotOpen, give, progress

MAX_OTHERS = 10


class OtherCaller(BadValue):
    """The two tickets are of different callers; it can be done when somebody says that this is meant."""

    def __init__(self) -> None:
        super().__init__("number")


def others_of_caller(db: Session, staff: Staff, ticket: Ticket) -> Sequence[Ticket]:
    """The caller's other tickets that *staff* may see, and the one this is linked to; the open ones first."""
    theirs = [Ticket.id == ticket.linked_to_id]
    if ticket.caller_id is not None:
        theirs.append(Ticket.caller_id == ticket.caller_id)
    each = union_all(*(select(Ticket.id).where(condition) for condition in theirs))  # an OR is read without an index
    found = (
        rules.visible_tickets(staff)
        .where(Ticket.id.in_(each), Ticket.id != ticket.id, Ticket.merged_into_id.is_(None))
        .options(joinedload(Ticket.claimed_by))
        .order_by(Ticket.status.in_(OPEN_STATUSES).desc(), Ticket.opened_at.desc(), Ticket.id.desc())
    )
    return db.scalars(found.limit(MAX_OTHERS)).all()


def by_number(db: Session, staff: Staff, number: str) -> Ticket | None:
    """The newest ticket of this number that *staff* may see: numbers begin anew after the last."""
    ids = ids_of(number.strip(), db.scalar(select(func.max(Ticket.id))) or 0)
    query = rules.visible_tickets(staff).where(Ticket.id.in_(ids), Ticket.merged_into_id.is_(None))
    return db.scalars(query.order_by(Ticket.id.desc()).limit(1)).first()


def merge(db: Session, staff: Staff, ticket_id: int, number: str, now: datetime, *, sure: bool = False) -> Ticket:
    """Put the ticket into the one of that *number*; both are open, and *staff* may handle both.

    Raises ``BadValue``, ``OtherCaller`` unless they are *sure*, ``NotOpen``, ``Merged``, ``Changed``, ``NotFound`` or
    ``Forbidden``.
    """
    rules.ticket(db, staff, ticket_id)
    other = by_number(db, staff, number)
    if other is None or other.id == ticket_id:
        raise BadValue("number")
    ticket, into = _held(db, staff, ticket_id, other.id)
    if not rules.may(staff, "gather", into):
        raise rules.Forbidden("gather", ticket=into.id)
    if not into.is_open:
        raise BadValue("number")
    if (ticket.caller_id is None or ticket.caller_id != into.caller_id) and not sure:
        raise OtherCaller
    matters.merge(db, ticket, into, now, by=staff)
    matters.raise_if_pressing(db, into, now)
    progress(into, staff, now)
    return into


def split(db: Session, staff: Staff, ticket_id: int, call_id: int, now: datetime) -> Ticket:
    """Make one of the ticket's calls a ticket of its own, in the same hands when they are one's own.

    Raises ``BadValue`` when it is no call of this ticket or the only one, ``NotOpen``, ``Merged``, ``Changed``,
    ``NotFound`` or ``Forbidden``.
    """
    (ticket,) = _held(db, staff, ticket_id)
    call = next((call for call in ticket.calls if call.id == call_id), None)
    if call is None or (len(ticket.calls) < 2 and ticket.typed_by_id is None):
        raise BadValue("call")
    apart = matters.split(db, ticket, call, now, by=staff)
    if ticket.claimed_by_id == staff.id:
        give(apart, staff, now)
    progress(ticket, staff, now)
    return apart


def _held(db: Session, staff: Staff, ticket_id: int, *others: int) -> list[Ticket]:
    """The open ticket and the *others*, locked with all their calls and recordings; the one asked for comes first.

    A request of a carrier holds its call and then asks for the ticket, so the calls are locked before the tickets.
    Raises ``Changed`` when a call came in meanwhile: looking again is all it takes.
    """
    ids = [ticket_id, *others]
    calls = select(Call.id).where(Call.ticket_id.in_(ids)).order_by(Call.id)
    before = db.scalars(calls.with_for_update(of=Call)).all()
    db.execute(select(Recording.id).where(Recording.ticket_id.in_(ids)).order_by(Recording.id).with_for_update())
    locked = select(Ticket).where(Ticket.id.in_(ids)).order_by(Ticket.id)
    db.scalars(locked.with_for_update(of=Ticket).execution_options(populate_existing=True)).all()
    if db.scalars(calls).all() != before:
        raise Changed
    ticket = rules.ticket(db, staff, ticket_id)
    if ticket.merged_into_id is not None:
        raise Merged
    if not rules.may(staff, "gather", ticket):
        raise rules.Forbidden("gather", ticket=ticket_id)
    if not ticket.is_open:
        raise NotOpen
    return [ticket, *(rules.ticket(db, staff, other) for other in others)]
