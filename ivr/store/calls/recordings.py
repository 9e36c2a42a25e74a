"""How a recording arrives: expected, then fetched or given up. Each verb is safe to repeat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from ivr.store.facts import history as entries
from ivr.store.models import Call, Recording
from ivr.store.models.recording import ABSENT
from ivr.store.tickets.history import note

THERE = ("expected", "fetched")  # states of a recording that can still be heard


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a recording is: in the audio store under ``path``, or, where that is None, with its carrier as ``sid``."""

    sid: str
    carrier: str
    path: str | None


def kept(db: Session, recording_id: int) -> Kept:
    """Raises ``FileNotFoundError`` for one that is gone."""
    where = select(Recording.sid, Call.carrier, Recording.path).join(Recording.call)
    row = db.execute(where.where(Recording.id == recording_id, Recording.state.in_(THERE))).one_or_none()
    if row is None:
        raise FileNotFoundError(f"recording {recording_id} is gone")
    return Kept(*row)


def last_of(db: Session, call_id: int) -> int | None:
    """The message that was left last in this call; None when there is none to be heard."""
    theirs = select(Recording.id).where(Recording.call_id == call_id, Recording.state.in_(THERE))
    return db.scalars(theirs.order_by(Recording.id.desc()).limit(1)).first()


def first_and_last(db: Session) -> Sequence[str]:
    """Where the oldest and the newest message lie that were fetched; one, or none, when there are no more."""
    there = select(func.min(Recording.id), func.max(Recording.id)).where(Recording.path.is_not(None))
    ends = db.execute(there).one()
    paths = select(Recording.path).where(Recording.id.in_(ends), Recording.path.is_not(None))
    return [path for path in db.scalars(paths.order_by(Recording.id)) if path]


def wanted(db: Session, recording_id: int) -> Recording | None:
    """The recording, if it may still arrive; held until the transaction ends.

    One that is said to be absent may, if its call is somebody's ticket: what the carrier has counts, not what it says.
    """
    on_its_way = or_(Recording.state == "expected", and_(Recording.trouble == ABSENT, Recording.ticket_id.is_not(None)))
    one = select(Recording).where(Recording.id == recording_id, on_its_way)
    return db.scalars(one.with_for_update(of=Recording)).one_or_none()


def overdue(db: Session, announced_before: datetime) -> Sequence[int]:
    """The ids of recordings that were announced that long ago and are still on their way."""
    return db.scalars(
        select(Recording.id).where(Recording.state == "expected", Recording.announced_at < announced_before)
    ).all()


def arrived(
    db: Session, recording: Recording, *, path: str, size: int, sha256: str, now: datetime, short: bool = False
) -> None:
    """The sound lies whole in the audio store. ``short``: it lasts less than the carrier said.

    A call that seemed to be without a message has one.
    """
    if recording.call.outcome == "hung_up":
        recording.call.outcome = "message"
    recording.state, recording.trouble, recording.fetched_at = "fetched", "short" if short else None, now
    recording.path, recording.bytes, recording.sha256 = path, size, sha256
    if recording.ticket:
        note(db, recording.ticket, entries.Audio(recording.id), now)


def missing(db: Session, recording: Recording, trouble: str, now: datetime) -> None:
    """Nobody will hear it: staff call back and ask."""
    recording.state, recording.trouble = "missing", trouble
    if recording.ticket:
        note(db, recording.ticket, entries.AudioMissing(recording.id, trouble), now)
