"""Keyed hashes, by which sealed values are looked up: see ``ivr.store.blind``."""

import hmac
from functools import cache
from typing import NamedTuple
from weakref import WeakKeyDictionary

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Dialect
from sqlalchemy.orm import Mapped, mapped_column

from ivr.store.models.base import Base
from ivr.store.models.sealed import SealedText, keys_of
from ivr.store.sealing import Keyring, Unreadable

KEY_BYTES = 32

_opened: WeakKeyDictionary[Dialect, tuple[Keyring, tuple[bytes, ...]]] = WeakKeyDictionary()


class IndexKey(Base):
    """A key of hashes, sealed like any other value."""

    __tablename__ = "index_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(SealedText("index_keys.key"))  # 64 hexadecimal digits


class Hashes(NamedTuple):
    """Keyed hashes (HMAC-SHA256) of one purpose; without ``keys`` nothing is hashed, for nothing is sealed."""

    keys: tuple[bytes, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.keys)

    def of(self, text: str) -> bytes:
        """As it is written: 32 bytes."""
        return _hash(self.keys[0], text)

    def every(self, text: str) -> list[bytes]:
        """As it may have been written."""
        return [_hash(key, text) for key in self.keys]


def use(dialect: Dialect, keys: tuple[bytes, ...]) -> None:
    """Have what an engine with this *dialect* asks for hashed with these, as long as it has the keys it has now."""
    _opened[dialect] = keys_of(dialect), keys


def wanted(dialect: Dialect) -> bool:
    """Whether it is still to be told with which."""
    ring = keys_of(dialect)
    return ring.newest is not None and (dialect not in _opened or _opened[dialect][0] is not ring)


def hashes(dialect: Dialect, purpose: str) -> Hashes:
    """Those of this purpose. Raises ``Unreadable`` while there are keys, but none for hashes could be had."""
    if keys_of(dialect).newest is None:
        return Hashes()
    if wanted(dialect):
        raise Unreadable("the keys of hashes could not be read from the database, or made in it")
    return Hashes(tuple(_of_purpose(key, purpose) for key in _opened[dialect][1]))


def _hash(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


@cache
def _of_purpose(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"hotline {purpose}".encode()).derive(key)
