"""Who is logged in where: the cookie holds a secret, we keep its hash, and it does not live for ever."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from ivr.store.models import LoginSession, Staff
from ivr.store.people import throttle

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)  # one shift
MAX_ADDRESS_CHARS, MAX_AGENT_CHARS = 45, 200
NOTICED = timedelta(minutes=1)  # how exactly we know when somebody was last there


def start(db: Session, person: Staff, now: datetime, address: str = "", agent: str = "") -> str:
    """Log *person* in, from a client's *address* with a browser that calls itself *agent*.

    The secret (256 bits) is for the cookie. Sessions that are over are swept away.
    """
    db.execute(
        delete(LoginSession).where((LoginSession.created_at < now - LONGEST) | (LoginSession.seen_at < now - IDLE))
    )
    throttle.sweep(db, now)
    secret = secrets.token_urlsafe(32)
    db.add(
        LoginSession(
            id_sha256=_hash(secret),
            staff_id=person.id,
            created_at=now,
            seen_at=now,
            address=address[:MAX_ADDRESS_CHARS],
            agent=agent[:MAX_AGENT_CHARS],
        )
    )
    db.flush()
    return secret


def find(db: Session, secret: str, now: datetime) -> LoginSession | None:
    """The session of this cookie, with its member of staff; None when it is over, or theirs no longer."""
    whole = joinedload(LoginSession.staff).joinedload(Staff.communities)  # one question: every open page asks it
    query = select(LoginSession).where(LoginSession.id_sha256 == _hash(secret)).options(whole)
    login = db.scalars(query).unique().first()
    if login is None or login.staff.disabled_at or now - login.created_at > LONGEST or now - login.seen_at > IDLE:
        return None
    return login


def needs_noticing(login: LoginSession, now: datetime) -> bool:
    """Whether it is time to write down again that somebody is there: not at every click, a write is dear."""
    return now - login.seen_at > NOTICED


def notice(db: Session, secret: str, now: datetime) -> None:
    """Somebody is there."""
    if login := db.get(LoginSession, _hash(secret)):
        login.seen_at = now


def end(db: Session, secret: str) -> None:
    """Log out."""
    db.execute(delete(LoginSession).where(LoginSession.id_sha256 == _hash(secret)))


def alive(db: Session, person: Staff, now: datetime) -> Sequence[LoginSession]:
    """Where they are logged in, the latest first."""
    theirs = select(LoginSession).where(
        LoginSession.staff_id == person.id,
        LoginSession.created_at >= now - LONGEST,
        LoginSession.seen_at >= now - IDLE,
    )
    return db.scalars(theirs.order_by(LoginSession.seen_at.desc())).unique().all()


def end_one(db: Session, person: Staff, id_sha256: str) -> None:
    """Log them out in one browser; somebody else's is not touched."""
    db.execute(delete(LoginSession).where(LoginSession.id_sha256 == id_sha256, LoginSession.staff_id == person.id))


def id_of(secret: str) -> str:
    """By what a login is known in its owner's list: a hash, of no use to who reads it."""
    return _hash(secret)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
