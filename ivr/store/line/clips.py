"""Recordings of what the line says: kept once, found by the digest that settings name them by."""

import hashlib
from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.models import Clip

DIGEST_CHARS = 32


def keep(db: Session, sound: bytes, seconds: float, now: datetime) -> str:
    """Keep a WAV file; the digest it is found by. The same file is kept once."""
    digest = hashlib.sha256(sound).hexdigest()[:DIGEST_CHARS]
    if db.get(Clip, digest) is None:
        db.add(Clip(digest=digest, sound=sound, seconds=seconds, kept_at=now))
        db.flush()
    return digest


def sound(db: Session, digest: str) -> bytes | None:
    return db.scalar(select(Clip.sound).where(Clip.digest == digest))


def sounds(db: Session, digests: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """Those of *digests* that are kept, one at a time."""
    for digest in digests:
        if found := sound(db, digest):
            yield digest, found
