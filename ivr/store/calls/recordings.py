"""How a recording arrives: expected, then fetched or given up. Each verb is safe to repeat."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.facts import history as entries
from ivr.store.models import Recording
from ivr.store.tickets.history import note


def expected(db: Session, recording_id: int) -> Recording | None:
    """The recording, if it is still on its way; held until the transaction ends."""
    waiting = select(Recording).where(Recording.id == recording_id, Recording.state == "expected")
    return db.scalars(waiting.with_for_update(of=Recording)).one_or_none()


def overdue(db: Session, announced_before: datetime) -> Sequence[int]:
    """The ids of recordings that were announced that long ago and are still on their way."""
    return db.scalars(
        select(Recording.id).where(Recording.state == "expected", Recording.announced_at < announced_before)
    ).all()


def arrived(
    db: Session, recording: Recording, *, path: str, size: int, sha256: str, now: datetime, short: bool = False
) -> None:
    """The sound lies whole in the audio store. ``short``: it lasts less than the carrier said."""
    recording.state, recording.trouble, recording.fetched_at = "fetched", "short" if short else None, now
    recording.path, recording.bytes, recording.sha256 = path, size, sha256
    if recording.ticket:
        note(db, recording.ticket, entries.Audio(recording.id), now)


def missing(db: Session, recording: Recording, trouble: str, now: datetime) -> None:
    """Nobody will hear it: staff call back and ask."""
    recording.state, recording.trouble = "missing", trouble
    if recording.ticket:
        note(db, recording.ticket, entries.AudioMissing(recording.id, trouble), now)
