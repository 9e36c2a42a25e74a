"""Members of staff as the telephone knows them: their number, and whether they are there."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from ivr.store.callers import phones
from ivr.store.models import Call, LinePerson, Ring, Staff
from routing.roster.selection import RINGING


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


def set_counsels(db: Session, staff: Staff, counsels: bool, now: datetime) -> None:
    """Whether they are trained to listen to people in despair: their telephone rings first for those."""
    person(db, staff, now).counsels = counsels


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
    query = query.options(contains_eager(LinePerson.staff), joinedload(LinePerson.phone))
    return list(db.scalars(query))


def doing(row: LinePerson, now: datetime) -> str:
    """What they do now: talking or ringing, wrap_up, paused (missed too many), break, unproved, or ready."""
    if row.proved_at is None:
        return "unproved"
    if row.busy_until and row.busy_until > now:
        return "talking" if row.busy_until - now > RINGING else "ringing"
    for state, until in (("wrap_up", row.wrap_until), ("paused", row.paused_until)):
        if until and until > now and row.ready:
            return state
    return "ready" if row.ready else "break"


def at_hand(db: Session, staff: Staff) -> Ring | None:
    """The call that rings for them, or that they have taken, while it lasts."""
    rings = select(Ring).where(Ring.staff_id == staff.id, Ring.ended_at.is_(None))
    rings = rings.where((Ring.outcome.is_(None)) | (Ring.outcome == "taken")).order_by(Ring.id.desc())
    return db.scalars(rings.limit(1)).first()


def new_feed(db: Session, staff: Staff, now: datetime) -> str:
    """The secret in the address of their calendar; the one before is good no more."""
    secret = secrets.token_urlsafe(24)
    person(db, staff, now).feed_sha256 = _digest(secret)
    return secret


def of_feed(db: Session, secret: str) -> Staff | None:
    """Whose calendar it is, while they can log in."""
    found = select(LinePerson).where(LinePerson.feed_sha256 == _digest(secret))
    row = db.scalars(found.join(LinePerson.staff).where(Staff.disabled_at.is_(None))).first()
    return row.staff if row else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
