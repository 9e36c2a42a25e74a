"""Members of staff as the telephone knows them: their number, and whether they are there."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.callers import phones
from ivr.store.models import Call, LinePerson, Staff


def person(db: Session, staff: Staff, now: datetime) -> LinePerson:
    """Their row, locked; made when it is new."""
    row = db.scalars(select(LinePerson).where(LinePerson.staff_id == staff.id).with_for_update(of=LinePerson)).first()
    if row is None:
        row = LinePerson(staff_id=staff.id, since=now, idle_since=now, languages=[], needs=[])
        db.add(row)
        db.flush()
    return row


def set_phone(db: Session, staff: Staff, e164: str, now: datetime, *, proved: bool = False) -> LinePerson:
    """The number that rings for *staff*. A new one is not rung before it was ``proved``: a key was pressed there."""
    row = person(db, staff, now)
    phone = phones.keep(db, e164)
    if row.phone_id != phone.id:
        row.phone, row.phone_id, row.proved_at = phone, phone.id, None
    if proved:
        row.proved_at = now
    db.flush()
    return row


def set_ready(db: Session, row: LinePerson, ready: bool, now: datetime) -> None:
    """They are there again, or have a break. Who says that they are ready is: wrap-up and pause end with it."""
    if row.ready is not ready:
        row.ready, row.since = ready, now
    if ready:
        row.wrap_until, row.paused_until, row.misses = None, None, 0
        if row.busy_call_id and db.get_one(Call, row.busy_call_id).ended_at:  # its end was told, theirs was not
            row.busy_until, row.busy_call_id = None, None


def on_the_line(db: Session) -> list[LinePerson]:
    """Everybody with a telephone who can still log in, by name."""
    query = select(LinePerson).join(LinePerson.staff).where(Staff.disabled_at.is_(None)).order_by(Staff.name)
    return list(db.scalars(query))
