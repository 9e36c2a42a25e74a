"""Looking up what is sealed: by keyed hashes of it, which tell who has the database no more than that two are alike.

The key of the hashes is random, made once, and kept in the database, sealed: another key in ``HOTLINE_KEYS`` seals it
anew and changes no hash. When it cannot be opened, because the key that sealed it is lost, another one is made beside
it; once that key is back both are used, to look up, and the first to write. Every purpose has a key of its own (HKDF).
"""

import hmac
import os
from functools import cache
from typing import NamedTuple
from weakref import WeakKeyDictionary

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Dialect, bindparam, func, select, text, update
from sqlalchemy.orm import Session

from ivr.store.models import IndexedUpTo, IndexKey
from ivr.store.models.sealed import Locked, keys_of
from ivr.store.sealing import Keyring

KEY_BYTES = 32
NEW = "a key of hashes was made in this transaction"

_opened: WeakKeyDictionary[Dialect, tuple[Keyring, tuple[bytes, ...]]] = WeakKeyDictionary()


class Hashes(NamedTuple):
    """Keyed hashes (HMAC-SHA256) of one purpose; without ``keys`` nothing is hashed, for nothing is sealed."""

    keys: tuple[bytes, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.keys)

    def of(self, text: str) -> str:
        """As it is written: 64 hexadecimal digits."""
        return _hash(self.keys[0], text)

    def every(self, text: str) -> list[str]:
        """As it may have been written."""
        return [_hash(key, text) for key in self.keys]


def hashes(db: Session, purpose: str, *, make: bool = False) -> Hashes:
    """Those of this purpose. *make*: the transaction may write, so a key is made where none can be opened."""
    return Hashes(tuple(_of_purpose(key, purpose) for key in _keys(db, make=make)))


def _hash(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode(), "sha256").hex()


@cache
def _of_purpose(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"hotline {purpose}".encode()).derive(key)


def _keys(db: Session, *, make: bool) -> tuple[bytes, ...]:
    dialect = db.get_bind().dialect
    ring = keys_of(dialect)
    if ring.newest is None:
        return ()
    before, found = _opened.get(dialect, (None, ()))
    if before is ring:
        return found
    found = _look(db)
    while make and not found:
        _make(db)
        found = _look(db)
        db.info[NEW] = True
    if found and NEW not in db.info:  # what is not committed may yet be undone
        _opened[dialect] = ring, found
    return found


def _look(db: Session) -> tuple[bytes, ...]:
    rows = db.connection().execute(select(IndexKey.key).order_by(IndexKey.id)).scalars()
    return tuple(bytes.fromhex(each) for each in rows if not isinstance(each, Locked))


def _make(db: Session) -> None:
    """Beside those that cannot be opened; two who do it at once make one. The sweeps of the indexes begin anew."""
    last = db.connection().execute(select(func.max(IndexKey.id))).scalar()
    insert = text("INSERT INTO index_keys (id, key) VALUES (:id, :key) ON CONFLICT DO NOTHING")
    insert = insert.bindparams(bindparam("key", type_=IndexKey.__table__.c.key.type))
    db.connection().execute(insert, {"id": (last or 0) + 1, "key": os.urandom(KEY_BYTES).hex()})
    db.connection().execute(update(IndexedUpTo).values(line_id=0))
