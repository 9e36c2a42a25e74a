"""Calling a resident back: a helper's telephone rings first, then the resident's, both under the hotline's number."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ivr.store.access import rules
from ivr.store.models import Call, LinePerson, Outgoing, Staff, Ticket
from ivr.store.outbox import Later
from ivr.store.outgoing import ordering
from ivr.store.outgoing.ordering import NotCalled, Order, Terms
from ivr.store.tickets.verbs import NotOpen, take

KIND = "callback"


def call_back(
    db: Session, later: Later, staff: Staff, ticket_id: int, key: str, terms: Terms, now: datetime
) -> Outgoing:
    """One press: *staff* are rung, and put through to the ticket's caller. Pressed twice (*key*), it is one call.

    Raises ``NotCalled``, ``NotOpen``, ``Merged``, ``NotFound`` or ``Forbidden``.
    """
    if (before := ordering.find(db, key)) and before.staff_id == staff.id and before.ticket_id == ticket_id:
        return before
    if not rules.may(staff, "contact", rules.ticket(db, staff, ticket_id)):
        raise rules.Forbidden("contact", ticket=ticket_id)
    person = ordering.reserve(db, staff, now)
    ticket = take(db, staff, ticket_id, "contact")
    if not ticket.is_open:
        raise NotOpen
    return place(db, later, person, ticket, key, terms, now)


def place(
    db: Session,
    later: Later,
    person: LinePerson,
    ticket: Ticket,
    key: str,
    terms: Terms,
    now: datetime,
    *,
    place_id: int | None = None,
) -> Outgoing:
    """Have the call placed for a helper whose telephone is locked. Raises ``NotCalled``."""
    if ticket.caller is None:
        raise NotCalled("no_number")
    asked_for = place_id is not None  # by whoever keeps their place: at whatever hour
    ordering.check(db, ticket.caller.e164, terms, now, urgent=ticket.urgent or asked_for)
    caller, carrier = line_of(db, ticket, terms)
    wanted = Order(
        kind=KIND,
        key=key,
        to=ticket.caller.e164,
        first=person.phone.e164 if person.phone else "",
        caller=caller,
        carrier=carrier,
        staff_id=person.staff_id,
        ticket_id=ticket.id,
        place_id=place_id,
    )
    row = ordering.order(db, later, wanted, now)
    ordering.rings(person, now)
    return row


def newest(db: Session, ticket_id: int) -> Outgoing | None:
    """The last call back about this ticket."""
    calls = select(Outgoing).where(Outgoing.ticket_id == ticket_id, Outgoing.kind == KIND)
    return db.scalars(calls.order_by(Outgoing.id.desc()).limit(1)).first()


def telephone_and_newest(db: Session, staff: Staff, ticket_id: int) -> tuple[LinePerson | None, Outgoing | None]:
    """The telephone of *staff*, and the last call back about this ticket; in one statement, for its page."""
    newest_id = select(Outgoing.id).where(Outgoing.ticket_id == ticket_id, Outgoing.kind == KIND)
    last = newest_id.order_by(Outgoing.id.desc()).limit(1).scalar_subquery()
    both = select(LinePerson, Outgoing).select_from(Staff).where(Staff.id == staff.id)
    both = both.outerjoin(LinePerson, LinePerson.staff_id == Staff.id).outerjoin(Outgoing, Outgoing.id == last)
    telephone, called = db.execute(both.options(joinedload(LinePerson.phone), joinedload(Outgoing.staff))).one()
    return telephone, called


def line_of(db: Session, ticket: Ticket, terms: Terms) -> tuple[str, str]:
    """Our number and the carrier, as the caller last had them; what was entered by hand has those of the settings."""
    calls = select(Call).where(Call.ticket_id == ticket.id).order_by(Call.id.desc()).limit(1)
    call = db.scalars(calls).first()
    dialled = call.called.e164 if call and call.called else None
    known = dialled if dialled in terms.numbers or not terms.numbers else terms.numbers[0]
    if known is None:
        raise NotCalled("no_line")
    return known, call.carrier if call else terms.carrier
