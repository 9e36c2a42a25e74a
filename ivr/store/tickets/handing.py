"""A ticket goes from hand to hand: on to somebody else, back to who handed it on, or to whoever is free."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from ivr.store.access import rules
from ivr.store.facts.history import Freed, Handed, Returned
from ivr.store.models import Staff, Ticket
from ivr.store.tickets import history
from ivr.store.tickets.verbs import BadValue, NotClaimed, NotOpen, Overtaken, free, give, take, written

USUAL = timedelta(hours=2)  # to take a ticket up in, or to give it back


class TooLate(Overtaken):
    """It could be given back until ``due_at``."""

    def __init__(self, due_at: datetime) -> None:
        super().__init__(due_at.isoformat())
        self.due_at = due_at


def takers(db: Session, ticket: Ticket) -> Sequence[Staff]:
    """Who may be handed this ticket: everybody who sees it without having it, by name."""
    people = select(Staff).where(Staff.disabled_at.is_(None), rules.who_see(ticket))
    if ticket.status == "claimed":
        people = people.where(Staff.id != ticket.claimed_by_id)
    return db.scalars(people.order_by(Staff.name).options(lazyload(Staff.communities))).all()


def hand_on(
    db: Session, staff: Staff, ticket_id: int, to_id: int | None, why: str, due_at: datetime, now: datetime
) -> Ticket:
    """Give the ticket to somebody who may handle it; *to_id* None: to whoever is free.

    *due_at*: until then it should be taken up, and may be given back.

    Raises ``NotOpen``, ``BadValue``, ``Merged``, ``NotFound`` or ``Forbidden``.
    """
    ticket = take(db, staff, ticket_id, "hand")
    if not ticket.is_open:
        raise NotOpen
    why = written(why, "hand_why")
    if to_id is None:
        free(ticket)
        history.note(db, ticket, Freed(why), now, by=staff)
        return ticket
    person = next((each for each in takers(db, ticket) if each.id == to_id), None)
    if person is None:
        raise BadValue("to")
    give(ticket, person, now)
    ticket.handed_by, ticket.hand_due_at = staff, due_at
    history.note(db, ticket, Handed(person.id, why, due_at.isoformat()), now, by=staff)
    return ticket


def give_back(db: Session, staff: Staff, ticket_id: int, why: str, now: datetime) -> Ticket:
    """Back to who handed it on; to whoever is free when they cannot have it any more.

    Raises ``NotOpen``, ``NotClaimed``, ``TooLate``, ``BadValue``, ``Merged``, ``NotFound`` or ``Forbidden``.
    """
    ticket = take(db, staff, ticket_id, "hand")
    if not ticket.is_open:
        raise NotOpen
    giver, due_at = ticket.handed_by, ticket.hand_due_at
    if ticket.claimed_by_id != staff.id or giver is None or due_at is None:
        raise NotClaimed
    if now > due_at:
        raise TooLate(due_at)
    why = written(why, "return_why")
    if giver.disabled_at is None and rules.sees(giver, ticket):
        give(ticket, giver, now)
        history.note(db, ticket, Returned(giver.id, why), now, by=staff)
    else:
        free(ticket)
        history.note(db, ticket, Freed(why), now, by=staff)
    return ticket
