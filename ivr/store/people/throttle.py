"""How often one may try to log in: counted by the name that was typed and by the address, whoever the name belongs to.

A browser in which somebody has logged in before is counted by itself for that person, so strangers who try their name
lock nobody out. After https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
"""

import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ivr.store.insert import insert_new
from ivr.store.models import LoginTries

LONGEST = timedelta(hours=1)  # that anybody waits
IPV6_HOME = 64  # bits of an address that one household or office is given


class Locked(Exception):
    """Too many wrong passwords, or too many people at once: try again in ``wait_s`` seconds."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Source:
    """Where a try comes from: the client's ``address`` ("" unknown), and a browser with the people it is known for."""

    address: str = ""
    device: str = ""
    people: frozenset[int] = frozenset()


class Limit(NamedTuple):
    """So many tries are ``free``, then each waits 1, 2, 4 … minutes; they are ``forgotten`` after the last one."""

    free: int
    forgotten: timedelta


NAME = Limit(5, timedelta(days=1))
DEVICE = Limit(5, timedelta(days=1))
ADDRESS = Limit(20, timedelta(hours=1))  # a whole office may share one
PIN = Limit(4, timedelta(days=1))
LIMITS = {"name": NAME, "device": DEVICE, "address": ADDRESS, "code": NAME, "pin": PIN}


class Count(NamedTuple):
    """What is counted: ``kind`` is one of ``LIMITS``, ``key`` tells one name, browser or address from another."""

    kind: str
    key: str


def counts(source: Source, name: str, person_id: int | None) -> list[Count]:
    """Under what a try for *name* is counted."""
    if source.device and person_id in source.people:
        return [_count("device", f"{source.device} {person_id}")]
    by_address = [_count("address", network(source.address))] if source.address else []
    return [_count("name", name), *by_address]


def of_code(person_id: int) -> list[Count]:
    """Under what a try of the second factor, or of one's own password, is counted: whoever gets so far is known."""
    return [_count("code", str(person_id))]


def of_pin(phone_id: int) -> list[Count]:
    """Under what a PIN is counted: by the telephone that it is keyed from, whoever is behind it."""
    return [_count("pin", str(phone_id))]


def network(address: str) -> str:
    """What one household is given: of IPv6 a whole network, which holds more addresses than anybody can count."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, IPV6_HOME), strict=False)) if parsed.version == 6 else address


def admit(db: Session, tried: Sequence[Count], now: datetime) -> None:
    """Count a try before it is looked at, so that a hundred at once are no way around. Raises ``Locked``."""
    for count in tried:
        insert_new(db, LoginTries, key=count.key, tries=0, last_at=now)
    rows = _rows(db, tried)
    if wait_s := max((_wait_s(row, now) for row in rows.values()), default=0):
        raise Locked(wait_s)
    for count in tried:
        _add(rows[count.key], LIMITS[count.kind], now)


def forgive(db: Session, tried: Sequence[Count]) -> None:
    """The try was right: the name and the browser begin anew, the address is where it was before."""
    rows = _rows(db, tried)
    for count in tried:
        if count.kind != "address":
            db.delete(rows[count.key])
        elif rows[count.key].tries > 0:
            rows[count.key].tries -= 1
            rows[count.key].wait_until = None


def sweep(db: Session, now: datetime) -> None:
    """Forget what is over."""
    db.execute(delete(LoginTries).where(LoginTries.last_at < now - max(limit.forgotten for limit in LIMITS.values())))


def _count(kind: str, text: str) -> Count:
    """Hashed: what is typed as a name may be anything, a password among them."""
    return Count(kind, hashlib.sha256(f"{kind} {text}".encode(errors="replace")).hexdigest())


def _rows(db: Session, tried: Sequence[Count]) -> dict[str, LoginTries]:
    """Locked, always in the same order."""
    keys = [count.key for count in tried]
    found = select(LoginTries).where(LoginTries.key.in_(keys)).order_by(LoginTries.key).with_for_update()
    return {row.key: row for row in db.scalars(found)}


def _wait_s(row: LoginTries, now: datetime) -> int:
    return 1 + int((row.wait_until - now).total_seconds()) if row.wait_until and row.wait_until > now else 0


def _add(row: LoginTries, limit: Limit, now: datetime) -> None:
    row.tries = 1 if now - row.last_at > limit.forgotten else row.tries + 1
    row.last_at = now
    over = row.tries - limit.free
    row.wait_until = now + min(timedelta(minutes=2 ** min(over, 10)), LONGEST) if over >= 0 else None
