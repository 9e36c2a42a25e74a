"""One-time links: how somebody new, or who has forgotten it, sets a password that nobody else has read."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ivr.store.models import OneTimeLink, Staff

LASTS = timedelta(days=3)


class DeadLink(LookupError):
    """The link was used, is too old, was replaced by another, or never was."""


def make(db: Session, person: Staff, now: datetime) -> str:
    """The code of a new link for them; an older one is worth nothing any more."""
    db.execute(delete(OneTimeLink).where(OneTimeLink.staff_id == person.id))
    code = secrets.token_urlsafe(24)
    db.add(OneTimeLink(staff_id=person.id, sha256=_hash(code), expires_at=now + LASTS))
    return code


def whose(db: Session, code: str, now: datetime) -> Staff:
    """Whom the link is for, locked. Raises ``DeadLink``."""
    alive = (OneTimeLink.sha256 == _hash(code.strip()), OneTimeLink.expires_at > now, Staff.disabled_at.is_(None))
    found = select(Staff).join(OneTimeLink, OneTimeLink.staff_id == Staff.id).where(*alive)
    person = db.scalars(found.with_for_update(of=Staff)).unique().first()
    if person is None:
        raise DeadLink
    return person


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode(errors="replace")).hexdigest()
