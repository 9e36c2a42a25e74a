"""Who may use the API: bearer tokens of other systems, of which we keep only the hash."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.models import ApiToken


class NameTaken(ValueError):
    """There is, or was, a token of this name: a name in the records means one token for ever."""


class UnknownToken(LookupError):
    """There is no token of this name."""


def everyone(db: Session) -> Sequence[ApiToken]:
    """Every token there is or was, newest first."""
    return db.scalars(select(ApiToken).order_by(ApiToken.id.desc())).all()


def add(db: Session, name: str, now: datetime) -> str:
    """A new token for the system called *name*: the only moment at which anybody can read it.

    Raises ``NameTaken``.
    """
    if _named(db, name):
        raise NameTaken(name)
    token = secrets.token_urlsafe(32)
    db.add(ApiToken(name=name, sha256=_hash(token), created_at=now))
    return token


def find(db: Session, token: str) -> ApiToken | None:
    """Whose token this is; None when it is nobody's, or was revoked."""
    return db.scalars(
        select(ApiToken).where(ApiToken.sha256 == _hash(token), ApiToken.revoked_at.is_(None))
    ).one_or_none()


def revoke(db: Session, name: str, now: datetime) -> None:
    """Accept this token no longer; revoking again changes nothing. Raises ``UnknownToken``."""
    row = _named(db, name)
    if row is None:
        raise UnknownToken(name)
    row.revoked_at = row.revoked_at or now


def _named(db: Session, name: str) -> ApiToken | None:
    return db.scalars(select(ApiToken).where(ApiToken.name == name)).one_or_none()


def _hash(token: str) -> str:
    """A plain hash does: unlike a password, a token of 256 random bits cannot be guessed."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
