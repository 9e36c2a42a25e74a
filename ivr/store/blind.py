"""The keys of the hashes by which sealed values are looked up: who has the database sees that two are alike, no more.

A key of hashes is random, made once, and kept in the database, sealed: another key in ``HOTLINE_KEYS`` seals it anew
and changes no hash. When it cannot be opened, because the key that sealed it is lost, another one is made beside it;
once that key is back words are looked up by both, and all is written by the first. Every purpose has a key of its own.
"""

import os

from sqlalchemy import bindparam, func, select, text, update
from sqlalchemy.orm import Session

from ivr.store.models import IndexedUpTo, IndexKey
from ivr.store.models.blind import KEY_BYTES
from ivr.store.models.sealed import Locked


def opened(db: Session) -> tuple[bytes, ...]:
    """Those that can be opened, the oldest first; one is made when there is none."""
    found = _look(db)
    while not found:
        _make(db)
        found = _look(db)
    return found


def _look(db: Session) -> tuple[bytes, ...]:
    rows = db.scalars(select(IndexKey.key).order_by(IndexKey.id))
    return tuple(bytes.fromhex(each) for each in rows if not isinstance(each, Locked))


def _make(db: Session) -> None:
    """Beside those that cannot be opened; two who do it at once make one. The sweeps of the indexes begin anew."""
    last = db.scalar(select(func.max(IndexKey.id))) or 0
    insert = text("INSERT INTO index_keys (id, key) VALUES (:id, :key) ON CONFLICT DO NOTHING")
    insert = insert.bindparams(bindparam("key", type_=IndexKey.__table__.c.key.type))
    db.execute(insert, {"id": last + 1, "key": os.urandom(KEY_BYTES).hex()})
    db.execute(update(IndexedUpTo).values(line_id=0))
