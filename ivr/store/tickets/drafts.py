"""What somebody has typed and not yet sent: kept as it is typed, theirs alone."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.insert import insert_new
from ivr.store.models import Draft, Staff
from ivr.store.tickets.verbs import MAX_TEXT_CHARS, BadValue

FIELDS = ("note", "done", "confirmed", "why", "tried", "hand_why", "return_why", "lift_why", "hold_why")


def save(db: Session, staff: Staff, ticket_id: int, field: str, text: str, now: datetime) -> None:
    """Keep *text* as this person's draft of the field; an empty one is forgotten.

    It may be kept by whoever sees the ticket, so that words survive a claim that lapsed while they were typed.
    Raises ``BadValue`` or ``NotFound``.
    """
    ticket_id = rules.ticket(db, staff, ticket_id).merged_into_id or ticket_id
    if field not in FIELDS or len(text) > MAX_TEXT_CHARS:
        raise BadValue(field)
    if not text.strip():
        clear(db, staff, ticket_id, field)
        return
    key = {"staff_id": staff.id, "ticket_id": ticket_id, "field": field}
    insert_new(db, Draft, **key, text=text, saved_at=now)
    db.execute(update(Draft).filter_by(**key).values(text=text, saved_at=now))


def of(db: Session, staff: Staff, ticket_id: int) -> dict[str, str]:
    """This person's drafts on this ticket, by field."""
    rows = db.execute(select(Draft.field, Draft.text).filter_by(staff_id=staff.id, ticket_id=ticket_id))
    return dict(rows.all())


def clear(db: Session, staff: Staff, ticket_id: int, *fields: str) -> None:
    """The words have been sent."""
    db.execute(delete(Draft).where(Draft.staff_id == staff.id, Draft.ticket_id == ticket_id, Draft.field.in_(fields)))


def move(db: Session, from_id: int, to_id: int) -> None:
    """What anybody has typed on one ticket is found on the other, after what they have typed there."""
    for draft in db.scalars(select(Draft).where(Draft.ticket_id == from_id)):
        if there := db.get(Draft, (draft.staff_id, to_id, draft.field)):
            there.text = f"{there.text}\n{draft.text}"[:MAX_TEXT_CHARS]
            db.delete(draft)
        else:
            draft.ticket_id = to_id
    db.flush()
