"""Bringing a community's duty contact into a talk: whom the talk is between, who is on the line, who has left.

Locks are taken in one order: the helper, a call that we placed, then the transfer.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.answering import people
from ivr.store.facts.history import ContactAsked
from ivr.store.facts.line import PlaceDuty
from ivr.store.models import CONTACT, LinePerson, Outgoing, Phone, Staff, Ticket, Transfer
from ivr.store.outbox import CALLS, Later
from ivr.store.outgoing import callbacks, course, ordering
from ivr.store.outgoing.ordering import NotCalled, Order, Terms
from ivr.store.tickets import history
from routing.hours import Hours
from routing.roster.selection import TALKING, WRAP_UP
from routing.transfer import Contact, Party, Standing

PARTIES = tuple(Party)  # a job knows a party by its place
LEFT = {Party.HELPER: "helper_left_at", Party.RESIDENT: "resident_left_at"}


def bridge(db: Session, staff: Staff, ticket: Ticket) -> Transfer | None:
    """The talk about this ticket that *staff* are in, as it would be kept; None: they are in none."""
    made = {"staff_id": staff.id, "ticket_id": ticket.id}
    call = callbacks.newest(db, ticket.id)
    if call and call.staff_id == staff.id and call.state == "talking" and call.sid and call.second_sid:
        legs = {"helper_sid": call.sid, "resident_sid": call.second_sid}
        return Transfer(callback_id=call.id, carrier=call.carrier, **legs, **made)
    ring = people.at_hand(db, staff)
    if ring and ring.outcome == "taken" and ring.leg_sid and ring.call.ticket_id == ticket.id:
        legs = {"helper_sid": ring.leg_sid, "resident_sid": ring.call.sid}
        return Transfer(carrier=ring.call.carrier, **legs, **made)
    return None


def contact_of(
    db: Session, duties: Mapping[str, PlaceDuty], ticket: Ticket, zone: ZoneInfo, now: datetime
) -> Phone | None:
    """The telephone of the duty contact of the ticket's community, in its hours."""
    duty = duties.get(ticket.community.code) if ticket.community else None
    if duty is None or not Hours.of(duty.kept).is_open(now.astimezone(zone)):
        return None
    return db.get(Phone, duty.phone)


def ask(db: Session, later: Later, staff: Staff, ticket_id: int, contact: bool, key: str, now: datetime) -> Transfer:
    """One press: the talk is led to where the resident waits, and the ``contact``, if there is one, is rung.

    Pressed again while the contact is asked for, it changes nothing; after that it asks for them anew. Raises
    ``NotCalled`` (not_talking, no_contact) or ``NotFound``. Whoever talks with the resident may.
    """
    talk = bridge(db, staff, rules.ticket(db, staff, ticket_id))
    if talk is None:
        raise NotCalled("not_talking")
    if not contact:
        raise NotCalled("no_contact")
    if row := of_leg(db, talk.helper_sid):
        if row.key != key and standing(row).contact in (Contact.UNREACHED, Contact.LEFT):
            row.key, row.asked_at = key, now
            row.outgoing_id = row.unreached_at = row.joined_at = None
            for party in LEFT:
                move(db, later, row, party, int(now.timestamp()))
        return row
    talk.key, talk.asked_at = key, now
    db.add(talk)
    db.flush()
    # The leg that was dialled; the other one's <Dial> ends by that, and its action asks us.
    dialled = Party.RESIDENT if talk.callback_id else Party.HELPER
    move(db, later, talk, dialled, int(now.timestamp()))
    return talk


def move(
    db: Session, later: Later, row: Transfer, party: Party, at: int, tries: int = 0, delay_s: float | None = None
) -> None:
    """Have this party's telephone ask what is next. ``at``: the second at which that was wanted."""
    later.enqueue(db, "move_leg", row.id, PARTIES.index(party), at, tries, delay_s=delay_s, lane=CALLS)


def hold(db: Session, transfer_id: int) -> Transfer | None:
    """The transfer, locked."""
    return db.get(Transfer, transfer_id, with_for_update={"of": Transfer}, populate_existing=True)


def of_leg(db: Session, sid: str) -> Transfer | None:
    """The transfer that the carrier's call *sid* is in, locked; that of the contact too."""
    found = select(Transfer).where(_has_leg(sid)).with_for_update(of=Transfer)
    return db.scalars(found.execution_options(populate_existing=True)).first()


def _has_leg(sid: str) -> ColumnElement[bool]:
    contacts = select(Outgoing.id).where(Outgoing.sid == sid, Outgoing.kind == CONTACT)
    in_it = Transfer.outgoing_id.in_(contacts.scalar_subquery())
    return or_(Transfer.helper_sid == sid, Transfer.resident_sid == sid, in_it)


def sid_of(row: Transfer, party: Party) -> str | None:
    """The carrier's call of this party."""
    legs = {Party.HELPER: row.helper_sid, Party.RESIDENT: row.resident_sid}
    return legs.get(party) or (row.outgoing.sid if row.outgoing else None)


def standing(row: Transfer) -> Standing:
    """Who is on the line, as far as we were told."""
    helper, resident = row.helper_left_at is None, row.resident_left_at is None
    return Standing(helper, resident, _contact(row), row.joined_at is not None)


def _contact(row: Transfer) -> Contact:
    call = row.outgoing
    if call is None:
        return Contact.UNREACHED if row.unreached_at else Contact.RUNG
    if call.ended_at is None:
        return Contact.THERE if call.taken_at else Contact.RUNG
    return Contact.LEFT if call.taken_at else Contact.UNREACHED


def ring(db: Session, later: Later, row: Transfer, contact: Phone | None, terms: Terms, now: datetime) -> None:
    """The legs have begun to ask: the contact is rung, once."""
    if row.outgoing_id or row.unreached_at:
        return
    if contact is None:
        unreached(db, row, now)
        return
    try:
        caller, _ = callbacks.line_of(db, row.ticket, terms)
        number = contact.e164
        wanted = Order(CONTACT, f"{CONTACT}:{row.key}", number, number, caller, row.carrier, ticket_id=row.ticket_id)
        row.outgoing = ordering.order(db, later, wanted, now)
        db.flush()
    except NotCalled:  # they are in another call of ours
        unreached(db, row, now)


def not_moved(db: Session, row: Transfer, now: datetime) -> None:
    """The carrier did not move a leg. Before the contact was rung, the two talk on as if nobody had asked."""
    if row.outgoing_id is None:
        unreached(db, row, now)


def unreached(db: Session, row: Transfer, now: datetime) -> None:
    """The contact cannot be had; the talk goes on without them."""
    if row.unreached_at is None:
        row.unreached_at = now
        _note(db, row, "unreached", now)


def took(row: Outgoing, now: datetime) -> bool:
    """The contact pressed 1: whether there is still a talk for them."""
    if row.ended_at:
        return False
    row.state, row.taken_at, row.answered_at = "talking", row.taken_at or now, row.answered_at or now
    return True


def join(db: Session, row: Transfer, now: datetime) -> None:
    """The helper has left the room by a key: all three are to be together. Without a contact, it changes nothing."""
    if row.joined_at is None and standing(row).contact is Contact.THERE:
        row.joined_at = now
        _note(db, row, "together", now)


def left(db: Session, later: Later, sid: str, now: datetime) -> None:
    """This leg is over. Who would sit alone in the room now is asked what is next; all others ask by themselves."""
    person = _helper(db, sid)
    row = of_leg(db, sid)
    if row is None:
        return
    before = standing(row)
    party = next((each for each in LEFT if sid_of(row, each) == sid), Party.CONTACT)
    if party in LEFT and getattr(row, LEFT[party]) is None:
        setattr(row, LEFT[party], now)
        if party is Party.HELPER and before.contact is Contact.THERE and before.resident:
            _note(db, row, "handed_over", now)
        if person:
            _keep_busy(person, before, standing(row), now)
    alone = standing(row).room
    if len(alone) == 1:
        move(db, later, row, next(iter(alone)), int(now.timestamp()))


def _helper(db: Session, sid: str) -> LinePerson | None:
    """Whoever helps in the talk of which the helper's or the resident's leg is *sid*, locked."""
    whose = select(Transfer.staff_id).where(or_(Transfer.helper_sid == sid, Transfer.resident_sid == sid))
    found = select(LinePerson).where(LinePerson.staff_id.in_(whose)).with_for_update(of=LinePerson)
    return db.scalars(found.execution_options(populate_existing=True)).first()


def _keep_busy(person: LinePerson, before: Standing, after: Standing, now: datetime) -> None:
    """The call with the resident is over, and whoever helps speaks on with the contact: nobody else rings them."""
    if before.resident and not after.resident and {Party.HELPER, Party.CONTACT} <= after.room:
        person.busy_until, person.busy_call_id, person.wrap_until = now + TALKING, None, None
    elif (
        not (before.resident or after.helper)
        and before.contact in (Contact.THERE, Contact.LEFT)
        and person.busy_call_id is None  # nobody else's
    ):
        person.busy_until, person.wrap_until, person.idle_since = None, now + WRAP_UP, now


def unsettled(db: Session, now: datetime) -> Sequence[tuple[Transfer, Party]]:
    """The legs of which nothing was told for a while; they may be over."""
    span = Transfer.asked_at.between(now - course.LOST, now - course.QUIET)
    rows = db.scalars(select(Transfer).where(span)).all()
    return [(row, party) for row in rows for party, left in LEFT.items() if getattr(row, left) is None]


def _note(db: Session, row: Transfer, how: str, now: datetime) -> None:
    history.note(db, row.ticket, ContactAsked(how), now, by=row.staff)
