"""Legal holds: what somebody may still ask for is kept, however long ago it was."""

from datetime import datetime

from sqlalchemy.orm import Session

from ivr.store.access import audit
from ivr.store.facts.audit import Held, Unheld
from ivr.store.models import LegalHold, Ticket


def hold(db: Session, ticket: Ticket, why: str, now: datetime) -> None:
    """Nothing of this ticket, its calls and its number is erased from now on; holding again changes the reason."""
    row = db.get(LegalHold, ticket.id) or LegalHold(ticket_id=ticket.id, since=now, why=why)
    row.why = why
    db.add(row)
    audit.append(db, None, Held(ticket.id), now)


def release(db: Session, ticket: Ticket, now: datetime) -> None:
    """From now on its time counts again."""
    if row := db.get(LegalHold, ticket.id):
        db.delete(row)
        audit.append(db, None, Unheld(ticket.id), now)
