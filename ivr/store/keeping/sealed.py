"""Going through what lies in files: sealing what is in the clear or under an older key, proving that it all opens."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from ivr.store.files.audio import AudioStore
from ivr.store.files.spool import Spool
from ivr.store.models import Recording
from ivr.store.sealing import Unreadable
from ivr.store.session import Sessions

BATCH = 500
SEALED, BEFORE, CLEAR = "sealed now", "sealed before", "in the clear"


@dataclass(frozen=True, slots=True)
class File:
    """One file: what was done with it or what it lies under, or the ``trouble`` that left it as it was."""

    name: str
    outcome: str = ""
    trouble: str = ""


def seal_recordings(sessions: Sessions, store: AudioStore) -> Iterator[File]:
    """Every message sealed with the newest key, the oldest first; done again, it only looks.

    Its row is held while it is written: what deletes it does so before or after, and it is never back.
    """
    for recording_id in _fetched(sessions):
        with sessions.begin() as db:
            row = db.scalars(select(Recording).where(Recording.id == recording_id).with_for_update(of=Recording)).one()
            if row.path is None:
                continue
            try:
                yield File(row.path, SEALED if store.seal(row.path) else BEFORE)
            except Unreadable as error:
                yield File(row.path, trouble=str(error))
            except FileNotFoundError:
                yield File(row.path, trouble="it is not there")


def seal_spool(spool: Spool) -> Iterator[File]:
    """The same of the requests that wait on this machine, or were put aside; what was taken in meanwhile is none."""
    for path in spool.files():
        try:
            yield File(path.name, SEALED if spool.seal(path) else BEFORE)
        except Unreadable as error:
            yield File(path.name, trouble=str(error))
        except FileNotFoundError:
            continue


def check_recordings(sessions: Sessions, store: AudioStore) -> Iterator[File]:
    """Every message read to its end and held against the hash it arrived with; its outcome is the id of its key."""
    for recording_id in _fetched(sessions):
        with sessions.read() as db:
            name, digest = db.execute(
                select(Recording.path, Recording.sha256).where(Recording.id == recording_id)
            ).one()
        if name is None:
            continue
        try:
            same = digest in (None, hashlib.sha256(store.read(name)).hexdigest())
            yield File(name, store.sealed_with(name) or CLEAR, "" if same else "it is not what was fetched")
        except Unreadable as error:
            yield File(name, trouble=str(error))
        except FileNotFoundError:
            yield File(name, trouble="it is not there")


def check_spool(spool: Spool) -> Iterator[File]:
    """Every request that waits on this machine, or was put aside, opened."""
    for path in spool.files():
        try:
            yield File(path.name, spool.sealed_with(path) or CLEAR)
        except Unreadable as error:
            yield File(path.name, trouble=str(error))
        except FileNotFoundError:
            continue


def _fetched(sessions: Sessions) -> Iterator[int]:
    """The ids of all that have a file, in batches: no list of a city's messages is ever in memory."""
    last = 0
    while True:
        with sessions.read() as db:
            some = select(Recording.id).where(Recording.path.is_not(None), Recording.id > last)
            ids = db.scalars(some.order_by(Recording.id).limit(BATCH)).all()
        if not ids:
            return
        yield from ids
        last = ids[-1]
