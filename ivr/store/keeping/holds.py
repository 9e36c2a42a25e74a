"""Legal holds: what somebody may still ask for is kept, however long ago it was."""

from datetime import datetime

from sqlalchemy.orm import Session

from ivr.store.access import audit
from ivr.store.facts.audit import Held, Unheld
from ivr.store.models import LegalHold, Staff, Ticket
from ivr.store.tickets.verbs import Changed, take, written


def keep(db: Session, staff: Staff, ticket_id: int, why: str, now: datetime) -> Ticket:
    """What ``hold`` does, said at the desk; again with the same words it changes nothing.

    Raises ``BadValue``, ``Changed`` when it is held already, ``Merged``, ``NotFound`` or ``Forbidden``.
    """
    ticket = take(db, staff, ticket_id, "hold")
    why = written(why, "hold_why")
    if ticket.hold is None:
        hold(db, ticket, why, now, by=staff)
    elif (ticket.hold.by_id, ticket.hold.why) != (staff.id, why):
        raise Changed
    return ticket


def lift(db: Session, staff: Staff, ticket_id: int, now: datetime) -> Ticket:
    """What ``release`` does, said at the desk. Raises ``Merged``, ``NotFound`` or ``Forbidden``."""
    ticket = take(db, staff, ticket_id, "hold")
    release(db, ticket, now, by=staff)
    return ticket


def hold(db: Session, ticket: Ticket, why: str, now: datetime, *, by: Staff | None = None) -> None:
    """Nothing of this ticket, its calls and its number is erased from now on; holding again changes the reason.

    Of one that was merged the calls are elsewhere, and so is the hold.
    """
    ticket = ticket.merged_into or ticket
    ticket.hold = ticket.hold or LegalHold(since=now)
    ticket.hold.why, ticket.hold.by = why, by
    audit.append(db, by, Held(ticket.id), now)


def release(db: Session, ticket: Ticket, now: datetime, *, by: Staff | None = None) -> None:
    """From now on its time counts again."""
    ticket = ticket.merged_into or ticket
    if ticket.hold:
        ticket.hold = None
        audit.append(db, by, Unheld(ticket.id), now)
