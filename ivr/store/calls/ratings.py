"""What callers say, by a key, of the help that they had: apart from tickets and calls, shown in figures alone."""

from datetime import datetime

from sqlalchemy.orm import Session

from ivr.store.insert import insert_new
from ivr.store.models import Rating


def of_call(db: Session, call_id: int, staff_id: int | None, now: datetime, *, good: bool) -> None:
    """Of a talk with a person: ``staff_id``, None at the duty number. Said again, the first stands."""
    insert_new(db, Rating, call_id=call_id, staff_id=staff_id, good=good, at=now)


def of_outgoing(db: Session, outgoing_id: int, staff_id: int | None, now: datetime, *, good: bool) -> None:
    """Of what was done, in a closing call: ``staff_id`` had the ticket."""
    insert_new(db, Rating, outgoing_id=outgoing_id, staff_id=staff_id, good=good, at=now)
