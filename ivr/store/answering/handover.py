"""What whoever goes off the line leaves to whoever comes: a few words, and the tickets that they still hold."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from ivr.store.access import rules
from ivr.store.insert import insert_new
from ivr.store.models import OPEN_STATUSES, Handover, Staff, Ticket

SHOWN = timedelta(hours=24)  # then the shift that it was for is over, and it is erased


def leave(db: Session, staff: Staff, text: str, now: datetime) -> None:
    """What *staff* leaves now, instead of what they left before; an empty text: nothing."""
    if not text:
        db.execute(delete(Handover).where(Handover.staff_id == staff.id))
        return
    insert_new(db, Handover, staff_id=staff.id, text=text, written_at=now)
    note = db.get_one(Handover, staff.id)
    note.text, note.written_at = text, now


def left(db: Session, now: datetime) -> Sequence[Handover]:
    """What was left to this shift, the latest first."""
    notes = select(Handover).where(Handover.written_at > now - SHOWN).options(joinedload(Handover.staff))
    return db.scalars(notes.order_by(Handover.written_at.desc())).all()


def still_held(db: Session, reader: Staff, notes: Sequence[Handover]) -> dict[int, list[Ticket]]:
    """Of whoever left a note, the open tickets that they hold and *reader* may see, by the id of that person."""
    held: dict[int, list[Ticket]] = defaultdict(list)
    if notes:
        theirs = Ticket.claimed_by_id.in_([note.staff_id for note in notes])
        tickets = rules.visible_tickets(reader).where(theirs, Ticket.status.in_(OPEN_STATUSES))
        for ticket in db.scalars(tickets.order_by(Ticket.due_at, Ticket.id)):
            held[ticket.claimed_by_id or 0].append(ticket)
    return held


def forget(db: Session, now: datetime) -> None:
    """Erase what is not shown any more."""
    db.execute(delete(Handover).where(Handover.written_at <= now - SHOWN))
