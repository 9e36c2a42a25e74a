"""People: adding them, and telling whether somebody who logs in is who they say."""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ivr.store.facts.history import Lapsed
from ivr.store.models import ROLES, CommunityRow, LoginSession, Staff, StaffCommunity, Ticket
from ivr.store.models.ticket import IS_WAITING
from ivr.store.session import Sessions
from ivr.store.tickets import history
from ivr.store.tickets.verbs import free

MIN_PASSWORD_CHARS = 12
MIN_DIFFERENT_CHARS = 5
MAX_NAME_CHARS = 64
FREE_TRIES = 5  # wrong passwords before an account waits 1, 2, 4 … minutes
MAX_LOCK_MIN = 60

# OWASP's minimum for argon2id, 30 ms of one core; four at once leave the cores to the calls.
# https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
HASHER = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)
HASHING = BoundedSemaphore(4)
MAX_WAIT_S = 0.5

# Letters of other scripts that look like ours, and the digits that do.
LOOKALIKES = str.maketrans("аеорсухіјѕһԁԛԝ" + "αονρυικτ" + "01", "aeopcyxijshdqw" + "aovpuikt" + "ol")


class BadName(ValueError):
    """This name cannot be given. The text says why."""


class BadPassword(ValueError):
    """This password protects nothing. The text says why."""


class LoginFailed(Exception):
    """The name and the password do not belong together."""


class Locked(Exception):
    """Too many wrong passwords, or too many people at once: try again in ``wait_s`` seconds."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


def normal(name: str) -> str:
    """The form in which a name is stored and compared: however it was typed, it is the same person."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def add(db: Session, *, name: str, role: str, password: str, communities: Iterable[str] = (), now: datetime) -> Staff:
    """Add a member of staff, who can log in at once. *communities* are codes of the directory.

    Raises ``BadName``, ``BadPassword`` or ``ValueError`` for a role or a community that does not exist.
    """
    name = normal(name)
    check_name(db, name)
    check_password(password, name)
    codes = _checked(db, role, communities)
    person = Staff(name=name, role=role, password_hash=HASHER.hash(_plain(password)), created_at=now)
    person.communities = [StaffCommunity(community_code=code) for code in codes]
    db.add(person)
    db.flush()
    return person


def everybody(db: Session) -> Sequence[Staff]:
    """Who can log in, by name."""
    return db.scalars(select(Staff).where(Staff.disabled_at.is_(None)).order_by(Staff.name)).unique().all()


def named(db: Session, name: str) -> Staff:
    """The member of staff of this name, who can log in. Raises ``ValueError``."""
    person = db.scalars(select(Staff).where(Staff.name == normal(name), Staff.disabled_at.is_(None))).unique().first()
    if person is None:
        raise ValueError("nobody of this name can log in")
    return person


def _checked(db: Session, role: str, communities: Iterable[str]) -> list[str]:
    """The codes of these communities, for somebody of this role. Raises ``ValueError``."""
    if role not in ROLES:
        raise ValueError(f"there is no role {role!r}")
    codes = sorted(set(communities))
    known = set(db.scalars(select(CommunityRow.code).where(CommunityRow.code.in_(codes))))
    if unknown := [code for code in codes if code not in known]:
        raise ValueError(f"no such community: {', '.join(unknown)}")
    if role == "officer" and not codes:
        raise ValueError("an officer sees the tickets of their communities and no others: name one")
    return codes


def check_name(db: Session, name: str) -> None:
    """Raise ``BadName`` for a name that is empty, unprintable, or would be taken for somebody else's."""
    if not 0 < len(name) <= MAX_NAME_CHARS:
        raise BadName(f"a name has 1 to {MAX_NAME_CHARS} characters")
    if not name.isprintable():
        raise BadName("a name cannot contain invisible characters")
    for taken in db.scalars(select(Staff.name)):
        if taken.translate(LOOKALIKES) == name.translate(LOOKALIKES):
            raise BadName(f"{taken} is there already" if taken == name else f"looks like {taken}, who is there already")


def check_password(password: str, name: str) -> None:
    """Raise ``BadPassword`` for one that is short, the name, or among those everybody tries first."""
    plain = _plain(password)
    folded = plain.casefold()
    if len(plain) < MIN_PASSWORD_CHARS:
        raise BadPassword(f"a password has {MIN_PASSWORD_CHARS} characters or more")
    if not folded.replace(name, "").strip():
        raise BadPassword("the name is not a password")
    if len(set(folded)) < MIN_DIFFERENT_CHARS or folded in _common():
        raise BadPassword("this password is among the first that anybody would try")


def set_password(db: Session, person: Staff, password: str) -> None:
    """Change the password; every browser of theirs is logged out. Raises ``BadPassword``."""
    check_password(password, person.name)
    person.password_hash = HASHER.hash(_plain(password))
    log_out_everywhere(db, person)


def set_role(db: Session, person: Staff, role: str, communities: Iterable[str] = ()) -> None:
    """Change the role, and the communities to these; every browser of theirs is logged out. Raises ``ValueError``."""
    codes = _checked(db, role, communities)
    person.role = role
    person.communities = [StaffCommunity(community_code=code) for code in codes]
    log_out_everywhere(db, person)


def disable(db: Session, person: Staff, now: datetime) -> None:
    """They can log in no longer, and are logged out; what they had in hand is offered to everybody again."""
    person.disabled_at = now
    log_out_everywhere(db, person)
    for ticket in db.scalars(select(Ticket).where(IS_WAITING, Ticket.claimed_by_id == person.id)).all():
        history.note(db, ticket, Lapsed(person.id), now)
        free(ticket)


def log_out_everywhere(db: Session, person: Staff) -> None:
    db.execute(delete(LoginSession).where(LoginSession.staff_id == person.id))


def authenticate(sessions: Sessions, name: str, password: str, now: datetime) -> Staff:
    """Whose name and password these are.

    The hash is computed between two transactions, never inside one: it takes as long as five calls do.

    Raises ``LoginFailed`` (the same, and as slowly, for a name that nobody has) or ``Locked``.
    """
    with sessions.read() as db:
        person = db.scalars(select(Staff).where(Staff.name == normal(name), Staff.disabled_at.is_(None))).first()
    if person and person.locked_until and person.locked_until > now:
        raise Locked(1 + int((person.locked_until - now).total_seconds()))
    right, renewed = _verify(person.password_hash if person else _nobody(), password)
    if person is None:
        raise LoginFailed
    with sessions.begin() as db:
        person = db.get_one(Staff, person.id, with_for_update=True)
        if right:
            person.failed_logins, person.locked_until = 0, None
            person.password_hash = renewed or person.password_hash
        else:
            person.failed_logins += 1
            over = person.failed_logins - FREE_TRIES
            person.locked_until = now + timedelta(minutes=min(2**over, MAX_LOCK_MIN)) if over >= 0 else None
    if not right:
        raise LoginFailed
    return person


def _verify(known: str, password: str) -> tuple[bool, str | None]:
    """Whether the password is right, and its hash by today's rules when the known one is by yesterday's."""
    if not HASHING.acquire(timeout=MAX_WAIT_S):
        raise Locked(wait_s=2)
    try:
        HASHER.verify(known, _plain(password))
        return True, HASHER.hash(_plain(password)) if HASHER.check_needs_rehash(known) else None
    except (Argon2Error, InvalidHashError):
        return False, None
    finally:
        HASHING.release()


def _plain(password: str) -> str:
    """The same characters whichever keyboard typed them (NIST SP 800-63B, 3.1.1.2); nothing is cut off."""
    return unicodedata.normalize("NFKC", password)


@cache
def _nobody() -> str:
    """A hash to compare with when the name is unknown, so that it takes as long."""
    return HASHER.hash("nobody has this name")


@cache
def _common() -> frozenset[str]:
    return frozenset((resources.files("ivr.store.people") / "common_passwords.txt").read_text("utf-8").split())
