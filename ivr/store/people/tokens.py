"""Who may use the API: bearer tokens of other systems, of which we keep only the hash."""

import hashlib
import secrets
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ivr.store.models import SCOPES, ApiToken, CommunityRow
from ivr.store.models.access import PER_MINUTE


class NameTaken(ValueError):
    """There is, or was, a token of this name: a name in the records means one token for ever."""


class UnknownToken(LookupError):
    """There is no token of this name."""


class Unfit(ValueError):
    """A token cannot be for this. The text says why."""


def add(
    db: Session,
    name: str,
    now: datetime,
    *,
    scopes: Collection[str] = SCOPES,
    communities: Collection[str] = (),
    lasts: timedelta | None = None,
    per_minute: int = PER_MINUTE,
) -> str:
    """A new token for the system called *name*: the only moment at which anybody can read it.

    *scopes* are of ``SCOPES``; of these *communities* (codes; none: every one); *lasts* None: until it is revoked;
    *per_minute*: requests, in each web process.

    Raises ``NameTaken`` or ``Unfit``.
    """
    if _named(db, name):
        raise NameTaken(name)
    known = set(db.scalars(select(CommunityRow.code).where(CommunityRow.code.in_(communities))))
    if unknown := sorted(set(communities) - known):
        raise Unfit(f"no such community: {', '.join(unknown)}")
    token = secrets.token_urlsafe(32)
    row = ApiToken(name=name, sha256=_hash(token), created_at=now, per_minute=per_minute)
    row.scopes = [scope for scope in SCOPES if scope in scopes]
    row.communities = sorted(communities)
    row.expires_at = now + lasts if lasts else None
    db.add(row)
    return token


def find(db: Session, token: str, now: datetime) -> ApiToken | None:
    """Whose token this is; None when it is nobody's, was revoked, or has run out."""
    alive = or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now)
    found = select(ApiToken).where(ApiToken.sha256 == _hash(token), ApiToken.revoked_at.is_(None), alive)
    return db.scalars(found).one_or_none()


def notice(db: Session, token: ApiToken, now: datetime) -> None:
    """Write down that the token was used."""
    db.get_one(ApiToken, token.id).used_at = now


def everyone(db: Session) -> Sequence[ApiToken]:
    """All that there are and were, the newest first."""
    return db.scalars(select(ApiToken).order_by(ApiToken.id.desc())).all()


class Pace:
    """How often each token came within this minute, in this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._minute, self._requests = 0, Counter[int]()

    def too_often(self, token: ApiToken, now: datetime) -> bool:
        """Count a request; whether it is more than the token may have."""
        with self._lock:
            if (minute := int(now.timestamp()) // 60) != self._minute:
                self._minute, self._requests = minute, Counter()
            self._requests[token.id] += 1
            return self._requests[token.id] > token.per_minute


def revoke(db: Session, name: str, now: datetime) -> ApiToken:
    """Accept this token no longer; revoking again changes nothing. Raises ``UnknownToken``."""
    row = _named(db, name)
    if row is None:
        raise UnknownToken(name)
    row.revoked_at = row.revoked_at or now
    return row


def _named(db: Session, name: str) -> ApiToken | None:
    return db.scalars(select(ApiToken).where(ApiToken.name == name)).one_or_none()


def _hash(token: str) -> str:
    """A plain hash does: unlike a password, a token of 256 random bits cannot be guessed."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
