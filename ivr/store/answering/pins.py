"""PINs: six keys by which a member of staff is known to the line, from the telephone that is entered for them.

Six digits are few, so that no hash of them alone would hide them from who copies the database: what is kept is a keyed
one, worth nothing without the installation's own secret. Guessing on the line is slowed by ``throttle``.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.answering import people
from ivr.store.models import LinePerson, Staff
from ivr.store.people import throttle

DIGITS = 6
MIN_DIFFERENT = 3


class BadPin(ValueError):
    """It is not six digits, or the first that anybody would try."""


class WrongPin(Exception):
    """It is nobody's who is rung at that telephone."""


def check(pin: str, e164: str = "") -> None:
    """Raises ``BadPin`` for what is no PIN, or is in a row, in the telephone's own number, or hardly different keys."""
    if len(pin) != DIGITS or not (pin.isascii() and pin.isdigit()):
        raise BadPin
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    if len(set(pin)) < MIN_DIFFERENT or steps <= {1} or steps <= {-1} or pin in e164:
        raise BadPin


def set_pin(db: Session, staff: Staff, pin: str, key: str, now: datetime) -> None:
    """From now on it is theirs. ``key``: the installation's secret. Raises ``BadPin``."""
    row = people.person(db, staff, now)
    check(pin, row.phone.e164 if row.phone else "")
    row.pin_hash = _hash(staff.id, pin, key)


def is_known(db: Session, phone_id: int) -> bool:
    """Whether somebody with a PIN is rung at this telephone."""
    return bool(_of(db, phone_id))


def enter(db: Session, phone_id: int, pin: str, key: str, now: datetime) -> Staff:
    """Whose PIN it is, of those who are rung at this telephone. Their number is proved: they ring from it.

    Raises ``WrongPin``, or ``throttle.Locked`` after too many of them.
    """
    tried = throttle.of_pin(phone_id)
    throttle.admit(db, tried, now)
    rows = [row for row in _of(db, phone_id) if hmac.compare_digest(row.pin_hash or "", _hash(row.staff_id, pin, key))]
    if len(rows) != 1:  # two of one telephone with the same one cannot be told apart
        raise WrongPin
    throttle.forgive(db, tried)
    rows[0].proved_at = rows[0].proved_at or now
    return rows[0].staff


def _of(db: Session, phone_id: int) -> Sequence[LinePerson]:
    """Those who may be rung at this telephone and have a PIN."""
    those = select(LinePerson).join(LinePerson.staff).where(LinePerson.phone_id == phone_id)
    able = those.where(Staff.disabled_at.is_(None), Staff.role.in_(rules.roles_with("take_calls")))
    return db.scalars(able.where(LinePerson.pin_hash.is_not(None))).all()


def _hash(staff_id: int, pin: str, key: str) -> str:
    return hmac.new(key.encode(), f"pin {staff_id} {pin}".encode(), sha256).hexdigest()
