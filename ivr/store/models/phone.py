"""Telephone numbers, in one table of their own so that they can be encrypted and erased in one place.

With keys a row has the number sealed, to be read, and keyed hashes of it and of its last digits, to be looked up.
Without, and in a row from before there were keys, the number itself stands where the hash would.
"""

import base64
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Computed,
    Dialect,
    FromClause,
    String,
    bindparam,
    false,
    func,
    literal,
    or_,
    type_coerce,
)
from sqlalchemy.ext.hybrid import Comparator, hybrid_property
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from ivr.store.models import blind
from ivr.store.models.base import Base
from ivr.store.models.blind import Hashes
from ivr.store.models.sealed import Locked, SealedText, keys_of
from ivr.store.sealing import Unreadable

TAIL_DIGITS = 4  # what a masked number shows
FEWEST_CHARS, FILLER = 9, "00000000"  # eight digits and a plus; what carriers send instead of a number
HASH = "#"  # how a hash begins, which no number does
HASH_CHARS = 16  # with that; of them 90 bits


class Hashed(TypeDecorator[str]):
    """A text that is kept and looked up as its keyed hash; ``bare``: without keys as it is, else not at all."""

    impl = String(HASH_CHARS)
    cache_ok = True

    def __init__(self, purpose: str, *, bare: bool) -> None:
        super().__init__()
        self.purpose, self.bare = purpose, bare

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or value.startswith(HASH):
            return value
        if isinstance(value, Locked):
            raise Unreadable("a number whose key is lost is not to be looked up")
        hashes = blind.hashes(dialect, self.purpose)
        return self.hashed(hashes, value) if hashes else (value if self.bare else None)

    def hashed(self, hashes: Hashes, value: str) -> str:
        return f"{HASH}{base64.urlsafe_b64encode(hashes.of(value)).decode()}"[:HASH_CHARS]


class SealedNumber(SealedText):
    """A number that is kept sealed; without keys not here, but where its hash would be."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return super().process_bind_param(value, dialect) if keys_of(dialect).newest else None


KEPT_BY, TAIL_BY = Hashed("numbers", bare=True), Hashed("tails of numbers", bare=False)
SEALED = SealedNumber("phones.number")


class Numbers(Comparator[str]):
    """What a query asks of numbers: whether they are this one, and to be read."""

    def __init__(self, row: Any) -> None:
        self.row = row
        super().__init__(number_of(row.kept_by, row.number))

    def operate(self, op: Any, *other: Any, **kwargs: Any) -> ColumnElement[Any]:
        raise TypeError("numbers are sealed: ask whether they are equal")

    # A comparison makes a condition, where object.__eq__ and a list of operators answer otherwise.
    def __eq__(self, other: Any) -> ColumnElement[bool]:  # type: ignore[override]
        return is_number(self.row.kept_by, other)

    def in_(self, other: Any) -> ColumnElement[bool]:  # type: ignore[override]
        return or_(self.row.kept_by.in_(other), type_coerce(self.row.kept_by, String).in_(other))


def number_of(kept_by: Any, number: Any) -> ColumnElement[str]:
    """The number, to be read, from its two columns."""
    return type_coerce(func.coalesce(number, kept_by), SEALED)


def is_number(kept_by: Any, e164: str) -> ColumnElement[bool]:
    """Whether this column is of that number, sealed or from before there were keys."""
    found: ColumnElement[bool] = kept_by.in_([literal(e164, KEPT_BY), literal(e164, String)])
    return found


def is_bound(row: FromClause, name: str) -> ColumnElement[bool]:
    """The same of a statement's parameters, as ``bound`` makes them."""
    return row.c.e164.in_([bindparam(name, type_=KEPT_BY), bindparam(f"{name}_clear", type_=String)])


def bound(name: str, e164: str | None) -> dict[str, str | None]:
    return {name: e164, f"{name}_clear": e164}


def columns_of(e164: str) -> dict[str, Any]:
    """What a row of this number has in its columns, before it is hashed and sealed."""
    impossible = len(e164) < FEWEST_CHARS or FILLER in e164
    return {"e164": e164, "number": e164, "tail_by": e164[-TAIL_DIGITS:], "impossible": impossible}


def masked(e164: str) -> str:
    """``•••• 0001``."""
    return f"•••• {_tail(e164)}"


def _tail(e164: str) -> str:
    return "\N{LOCK}" if isinstance(e164, Locked) else e164[-TAIL_DIGITS:]


class Phone(Base):
    """One telephone number, E.164. Everything else refers to it by id."""

    __tablename__ = "phones"

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_by: Mapped[str] = mapped_column("e164", KEPT_BY, unique=True)
    # What people search by, of a number in the clear. The database makes it, so no row can lack it.
    clear_tail: Mapped[str] = mapped_column("tail", String(4), Computed("substr(e164, length(e164) - 3)"), index=True)
    number: Mapped[str | None] = mapped_column(SEALED)
    tail_by: Mapped[str | None] = mapped_column(TAIL_BY, index=True)
    impossible: Mapped[bool] = mapped_column(default=False, server_default=false())  # as a telephone number

    @hybrid_property
    def e164(self) -> str:
        return self.number or self.kept_by

    @e164.inplace.setter
    def _set(self, e164: str) -> None:
        self.kept_by, self.number, self.tail_by, self.impossible = columns_of(e164).values()

    @e164.inplace.comparator
    @classmethod
    def _asked(cls) -> Numbers:
        return Numbers(cls)

    @property
    def tail(self) -> str:
        """What a masked number shows."""
        return _tail(self.e164)

    @property
    def masked(self) -> str:
        """For eyes that need to tell two callers apart, not to ring them: ``•••• 0001``."""
        return masked(self.e164)


def ends_with(digits: str) -> ColumnElement[bool]:
    """The condition on rows whose number ends with these ``TAIL_DIGITS`` digits."""
    clear = (Phone.clear_tail == digits) & Phone.number.is_(None)
    return or_(Phone.tail_by == digits, clear)
