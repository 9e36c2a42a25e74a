"""A ticket by hand: somebody stands at the counter, or a member of staff took the call themselves."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from ivr.store.access import audit, rules
from ivr.store.callers import phones
from ivr.store.facts import audit as deeds
from ivr.store.facts import history as entries
from ivr.store.models import OPEN_STATUSES, CommunityRow, HistoryLine, Phone, Staff, Ticket
from ivr.store.tickets import history, matters, work
from ivr.store.tickets.work import AlreadyClaimed


@dataclass(frozen=True, slots=True)
class Slip:
    """What staff took down. ``place``: the community in the caller's words, when we know none of that name."""

    phone: str | None  # E.164
    community: CommunityRow | None
    place: str
    need: str
    urgent: bool
    words: str
    language: str
    partner: str = ""  # the key of the other centre that it is taken from
    reference: str = ""  # by which they know it


def open_matter(db: Session, staff: Staff, phone: str, now: datetime, need: str) -> Ticket | None:
    """This caller's newest open ticket of the last days about *need* that *staff* see.

    Of another community's they must learn nothing by typing a number: a new one is opened then.
    """
    return _newest_open(db, phone, now, Ticket.need == need, rules.visible_to(staff))


def open_ticket(db: Session, staff: Staff, slip: Slip, due_at: datetime, now: datetime) -> Ticket:
    """A new ticket; the caller's other open matter is linked to it, for whoever sees both. Raises ``Forbidden``."""
    _check(staff)
    other = _newest_open(db, slip.phone, now) if slip.phone else None
    ticket = Ticket(
        need=slip.need,
        community_code=slip.community.code if slip.community else None,
        caller_id=phones.keep(db, slip.phone).id if slip.phone else None,
        language=slip.language,
        urgent=slip.urgent,
        opened_at=now,
        due_at=due_at,
        typed_by_id=staff.id,
        linked_to_id=other.id if other else None,
    )
    db.add(ticket)
    db.flush()
    _tell(db, ticket, staff, slip, now)
    return ticket


def join(db: Session, staff: Staff, ticket: Ticket, slip: Slip, due_at: datetime, now: datetime) -> Ticket:
    """Add to the caller's open ticket: like a call, it only ever enriches. Raises ``Forbidden``."""
    _check(staff)
    if not rules.sees(staff, ticket):
        raise rules.Forbidden("type_ticket", ticket=ticket.id)
    ticket.due_at = min(ticket.due_at, due_at)
    ticket.urgent = ticket.urgent or slip.urgent
    if ticket.community_code is None and slip.community:
        ticket.community_code = slip.community.code
    _tell(db, ticket, staff, slip, now)
    return ticket


def take(db: Session, staff: Staff, ticket: Ticket, now: datetime) -> str | None:
    """Claim it at once. The answer is who has it instead; None when *staff* have it now."""
    try:
        work.claim(db, staff, ticket.id, now)
    except AlreadyClaimed as error:
        return error.holder
    return None


def taken_down_by(db: Session, staff: Staff, ticket_id: int) -> Ticket | None:
    """The ticket, when this person has typed something on it."""
    wrote = select(HistoryLine.id).where(
        HistoryLine.ticket_id == ticket_id, HistoryLine.kind == entries.Typed.kind, HistoryLine.staff_id == staff.id
    )
    return db.get(Ticket, ticket_id) if db.scalars(wrote.limit(1)).first() else None


def _check(staff: Staff) -> None:
    if not rules.may(staff, "type_ticket"):
        raise rules.Forbidden("type_ticket")


def _newest_open(db: Session, phone: str, now: datetime, *conditions: ColumnElement[bool]) -> Ticket | None:
    theirs = (
        select(Ticket)
        .join(Phone, Ticket.caller_id == Phone.id)
        .where(Phone.e164 == phone, Ticket.status.in_(OPEN_STATUSES), Ticket.opened_at >= now - matters.JOINS_WITHIN)
        .where(*conditions)
        .order_by(Ticket.opened_at.desc(), Ticket.id.desc())
    )
    return db.scalars(theirs.limit(1)).first()


def _tell(db: Session, ticket: Ticket, staff: Staff, slip: Slip, now: datetime) -> None:
    history.note(db, ticket, entries.Typed(slip.words, slip.place), now, by=staff)
    if slip.partner:
        history.note(db, ticket, entries.FromPartner(slip.partner, slip.reference), now, by=staff)
    # always: it must not tell that something else was found
    audit.append(db, staff, deeds.Typed(ticket=ticket.id), now)
