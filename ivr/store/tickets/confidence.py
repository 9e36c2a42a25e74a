"""Confidential tickets: seen by the people who are named on them alone; in an emergency by a supervisor, who says why.

Nothing is lost while the named people are away: supervisors are told *that* there is one and since when, and may name
themselves; it stands in the ticket's history and in the audit.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, lazyload, selectinload

from ivr.store.access import audit, rules
from ivr.store.facts import audit as deeds
from ivr.store.facts import history as entries
from ivr.store.models import Staff, Ticket, TicketReader
from ivr.store.models.ticket import IS_WAITING, number_of
from ivr.store.tickets import history
from ivr.store.tickets.verbs import BadValue, take, written


@dataclass(frozen=True, slots=True)
class Withheld:
    """A confidential ticket that waits, as those may know of it who are not named: that it is there, and who is.

    ``away``: nobody of them can log in any more.
    """

    id: int
    urgent: bool
    due_at: datetime
    people: Sequence[str]
    away: bool

    @property
    def number(self) -> str:
        return number_of(self.id)


def candidates(db: Session, ticket: Ticket) -> Sequence[Staff]:
    """Who can be named on this ticket: whose role would show it to them, by name."""
    people = select(Staff).where(Staff.disabled_at.is_(None), rules.who_would_see(ticket))
    return db.scalars(people.order_by(Staff.name).options(lazyload(Staff.communities))).all()


def keep(db: Session, staff: Staff, ticket_id: int, people: Collection[int], now: datetime) -> Ticket:
    """From now on the ticket exists for these people alone (ids of staff), for *staff* and for whoever has it.

    Again: for these people instead of those who were named before.

    Raises ``BadValue`` when somebody cannot be named, ``Merged``, ``NotFound`` or ``Forbidden``.
    """
    ticket = take(db, staff, ticket_id, "keep_confidential")
    if not set(people) <= {each.id for each in candidates(db, ticket)}:
        raise BadValue("readers")
    named = {*people, staff.id, *([ticket.claimed_by_id] if ticket.claimed_by_id else [])}
    if ticket.confidential and named == {reader.staff_id for reader in ticket.readers}:
        return ticket
    name(ticket, named)
    history.note(db, ticket, entries.Confidential(sorted(named)), now, by=staff)
    audit.append(db, staff, deeds.Confidential(ticket.id, sorted(named)), now)
    return ticket


def lift(db: Session, staff: Staff, ticket_id: int, why: str, now: datetime) -> Ticket:
    """The ticket is like any other again. Raises ``BadValue``, ``Merged``, ``NotFound`` or ``Forbidden``."""
    ticket = take(db, staff, ticket_id, "keep_confidential")
    why = written(why, "lift_why")
    if ticket.confidential:
        ticket.confidential, ticket.readers = False, []
        history.note(db, ticket, entries.NotConfidential(why), now, by=staff)
        audit.append(db, staff, deeds.NotConfidential(ticket.id), now)
    return ticket


def open_anyway(db: Session, staff: Staff, ticket_id: int, why: str, now: datetime) -> Ticket:
    """*staff* name themselves on somebody's confidential ticket, because it cannot wait for those who are named.

    Raises ``BadValue``, ``Forbidden``, or ``NotFound`` when it is none, or no longer.
    """
    if not rules.may(staff, "open_confidential"):
        raise rules.Forbidden("open_confidential", ticket=ticket_id)
    query = select(Ticket).where(Ticket.id == ticket_id, Ticket.confidential, Ticket.merged_into_id.is_(None))
    ticket = db.scalars(query.with_for_update(of=Ticket)).one_or_none()
    if ticket is None:
        raise rules.NotFound(ticket=ticket_id)
    why = written(why, "why")
    if not rules.knows_of(staff, ticket):
        ticket.readers.append(TicketReader(staff_id=staff.id))
        history.note(db, ticket, entries.OpenedAnyway(why), now, by=staff)
        audit.append(db, staff, deeds.OpenedAnyway(ticket.id, why), now)
    return ticket


def withheld(db: Session, staff: Staff) -> Sequence[Withheld]:
    """The waiting tickets that are confidential and not for *staff*, the most pressing first."""
    query = _withheld(staff).order_by(Ticket.urgent.desc(), Ticket.due_at, Ticket.id)
    named = selectinload(Ticket.readers).joinedload(TicketReader.staff).lazyload(Staff.communities)
    return [_told(ticket) for ticket in db.scalars(query.options(named))]


def waiting_withheld(db: Session, staff: Staff) -> int:
    """How many those are."""
    return db.scalars(_withheld(staff).with_only_columns(func.count())).one()


def name(ticket: Ticket, people: Collection[int]) -> None:
    """These people (ids of staff), and nobody else."""
    known = {reader.staff_id: reader for reader in ticket.readers}
    ticket.confidential = True
    ticket.readers = [known.get(each) or TicketReader(staff_id=each) for each in sorted(people)]


def _withheld(staff: Staff) -> Select[Ticket]:
    return select(Ticket).where(IS_WAITING, Ticket.confidential, ~rules.known_to(staff))


def _told(ticket: Ticket) -> Withheld:
    people = [reader.staff for reader in ticket.readers]
    away = all(each.disabled_at for each in people)
    return Withheld(ticket.id, ticket.urgent, ticket.due_at, sorted(each.name for each in people), away)
