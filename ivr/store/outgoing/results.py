"""What came of a talk, as whoever spoke says it: by a key after it, or on the page."""

from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.models import Outgoing, Ring, Staff, Ticket
from ivr.store.tickets import attempts, work

HELPED, NOT_REACHED, AGAIN, CLOSED = RESULTS = ("helped", "not_reached", "again", "closed")
ASKED_FOR = timedelta(hours=12)  # longer ago, nobody remembers


def say(db: Session, staff: Staff, talk: Outgoing | Ring, result: str, now: datetime, words: str = "") -> bool:
    """Put it on the ticket: resolved, tried in vain, spoken to and still open, or settled. Whether it was new.

    Who does not have the ticket any more changes nothing of it; what they say stays with the call.
    """
    if talk.result or result not in RESULTS:
        return False
    counted = isinstance(talk, Outgoing) and talk.outcome == "machine"
    talk.result = result
    ticket = ticket_of(db, talk)
    if ticket is None or not ticket.is_open:
        return True
    with suppress(work.Overtaken, rules.NotFound, rules.Forbidden, work.BadValue), db.begin_nested():
        _put(db, staff, ticket, result, words, now, counted=counted)
    return True


def _put(db: Session, staff: Staff, ticket: Ticket, result: str, words: str, now: datetime, *, counted: bool) -> None:
    if result != NOT_REACHED or not counted:
        attempts.attempt(db, staff, ticket.id, "no_answer" if result == NOT_REACHED else "reached", "", now)
    if result in (HELPED, CLOSED):
        work.resolve(db, staff, ticket.id, words, now, by_key=True)
    elif words:
        work.note(db, staff, ticket.id, words, now)
    if result == CLOSED:
        work.close(db, staff, ticket.id, "", now)


def ticket_of(db: Session, talk: Outgoing | Ring) -> Ticket | None:
    """What the talk was about; the ticket that it was merged into."""
    ticket = talk.ticket if isinstance(talk, Outgoing) else talk.call.ticket
    return db.get_one(Ticket, ticket.merged_into_id) if ticket and ticket.merged_into_id else ticket


def unsaid(db: Session, staff: Staff, ticket: Ticket, called: Outgoing | None, now: datetime) -> Outgoing | Ring | None:
    """Their last talk about this ticket of which nobody has said what came of it. ``called``: the last call back."""
    since = now - ASKED_FOR
    theirs = called and called.staff_id == staff.id and called.asked_at > since
    if called and theirs and called.ended_at and called.outcome == "talked" and called.result is None:
        return called
    taken = [call.id for call in ticket.calls if call.taken_at and call.taken_at > since]
    if not taken:
        return None
    rung = select(Ring).where(Ring.call_id.in_(taken), Ring.staff_id == staff.id, Ring.outcome == "taken")
    rung = rung.where(Ring.ended_at.is_not(None), Ring.result.is_(None))
    return db.scalars(rung.order_by(Ring.id.desc()).limit(1)).first()
