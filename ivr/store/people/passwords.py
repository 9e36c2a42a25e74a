"""Passwords: which are good enough, and whether somebody who logs in is who they say."""

import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import Enum
from functools import cache
from importlib import resources
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import select

from ivr.store.models import Staff
from ivr.store.people import throttle
from ivr.store.people.names import normal
from ivr.store.people.throttle import Locked, Source
from ivr.store.session import Sessions

MIN_CHARS = 15
MIN_CHARS_WITH_FACTOR = 12
MIN_DIFFERENT_CHARS = 5
MIN_REST_CHARS = 8
MIN_WORD_CHARS = 2
OUR_WORDS = ("hotline", "rexian", "热线", "shequ", "社区", "password", "密码")
UNKNOWN_SOURCE = Source()

# OWASP's minimum for argon2id, 30 ms of one core; four at once leave the cores to the calls.
# https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
HASHER = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)
HASHING = BoundedSemaphore(4)
MAX_WAIT_S = 0.5


class Weakness(Enum):
    """Why a password protects nothing."""

    SHORT = "short"
    OWN_WORDS = "own_words"
    COMMON = "common"


class BadPassword(ValueError):
    """This password protects nothing. The text says why; ``needed`` is the number of characters it must have."""

    def __init__(self, why: Weakness, needed: int) -> None:
        super().__init__(
            {
                Weakness.SHORT: f"a password has {needed} characters or more",
                Weakness.OWN_WORDS: "beside the name and the hotline's own words there is too little of it",
                Weakness.COMMON: "this password is among the first that anybody would try",
            }[why]
        )
        self.why, self.needed = why, needed


class LoginFailed(Exception):
    """The name and the password do not belong together."""


def check_password(password: str, own_words: Iterable[str], *, second_factor: bool = False) -> None:
    """Raise ``BadPassword`` for one that is short, says little beside *own_words*, or is among those everybody tries.

    Own words are the person's name, and what this hotline is called. Source: NIST SP 800-63B-4, 3.1.1.2.
    """
    folded = _plain(password).casefold()
    needed = MIN_CHARS_WITH_FACTOR if second_factor else MIN_CHARS
    if len(_plain(password)) < needed:
        raise BadPassword(Weakness.SHORT, needed)
    rest = folded
    for word in (*own_words, *OUR_WORDS):
        rest = rest.replace(word.casefold(), "") if len(word) >= MIN_WORD_CHARS else rest
    if len(rest.strip()) < MIN_REST_CHARS:
        raise BadPassword(Weakness.OWN_WORDS, needed)
    if len(set(folded)) < MIN_DIFFERENT_CHARS or _is_common(folded):
        raise BadPassword(Weakness.COMMON, needed)


def _is_common(folded: str) -> bool:
    """One of the commonest, or two of them in a row: hardly any is as long as ours must be."""
    common = _common()
    return folded in common or any(folded[:n] in common and folded[n:] in common for n in range(1, len(folded)))


def hashed(password: str) -> str:
    """What is kept of a password."""
    return HASHER.hash(_plain(password))


def authenticate(sessions: Sessions, name: str, password: str, now: datetime, source: Source = UNKNOWN_SOURCE) -> Staff:
    """Whose name and password these are; a second factor, if they have one, is still to be asked for.

    The hash is computed between two transactions, never inside one: it takes as long as five calls do.

    Raises ``LoginFailed`` (the same, and as slowly, for a name that nobody has) or ``Locked``.
    """
    name = normal(name)
    known = select(Staff.id, Staff.password_hash).where(Staff.name == name, Staff.disabled_at.is_(None))
    with _a_free_core():
        with sessions.begin() as db:
            person_id, kept = db.execute(known).first() or (None, _nobody())
            tried = throttle.counts(source, name, person_id)
            throttle.admit(db, tried, now)
        right, renewed = _verify(kept, password)
    if person_id is None or not right:
        raise LoginFailed
    with sessions.begin() as db:
        throttle.forgive(db, tried)
        person = db.get_one(Staff, person_id)
        person.password_hash = renewed or person.password_hash
    return person


def is_right(person: Staff, password: str) -> bool:
    """Whether this is their password: who changes it says it again. Raises ``Locked`` while too many are asked."""
    with _a_free_core():
        return _verify(person.password_hash, password)[0]


@contextmanager
def _a_free_core() -> Iterator[None]:
    """While one of the few hashes at once may be computed. Raises ``Locked``."""
    if not HASHING.acquire(timeout=MAX_WAIT_S):
        raise Locked(wait_s=2)
    try:
        yield
    finally:
        HASHING.release()


def _verify(known: str, password: str) -> tuple[bool, str | None]:
    """Whether the password is right, and its hash by today's rules when the known one is by yesterday's."""
    try:
        HASHER.verify(known, _plain(password))
    except (Argon2Error, InvalidHashError):
        return False, None
    return True, HASHER.hash(_plain(password)) if HASHER.check_needs_rehash(known) else None


def _plain(password: str) -> str:
    """The same characters whichever keyboard typed them (NIST SP 800-63B, 3.1.1.2); nothing is cut off."""
    return unicodedata.normalize("NFKC", password)


@cache
def _nobody() -> str:
    """A hash to compare with when the name is unknown, so that it takes as long."""
    return HASHER.hash("nobody has this name")


@cache
def _common() -> frozenset[str]:
    """The ten thousand commonest, and longer ones that keyboards and years suggest.

    Source: the list of passwords in zxcvbn 4.5 (MIT), https://github.com/dwolfhub/zxcvbn-python
    """
    return frozenset((resources.files("ivr.store.people") / "common_passwords.txt").read_text("utf-8").split())
