"""Who has heard which message: every time in the audit, the first time in the ticket's history."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.access import audit, rules
from ivr.store.facts import audit as deeds
from ivr.store.facts import history as entries
from ivr.store.models import HistoryLine, Recording, Staff
from ivr.store.tickets import history
from ivr.store.tickets.verbs import progress


def heard(db: Session, staff: Staff, recording: Recording, now: datetime) -> None:
    """*staff* begins to listen. A player asks for the same sound many times, and at once: it is kept once."""
    ticket = rules.ticket(db, staff, recording.ticket_id or 0, lock=True)
    audit.append_once(db, staff, [deeds.Listened(recording.id)], now)
    entry = entries.Listened(recording.id)
    before = select(HistoryLine).filter_by(ticket_id=ticket.id, staff_id=staff.id, kind=entry.kind)
    if all(line.entry != entry for line in db.scalars(before)):
        history.note(db, ticket, entry, now, by=staff)
    progress(ticket, staff, now)
