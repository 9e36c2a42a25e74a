"""What of a carrier's lists we have already, and how far they were read."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.models import Call, CarrierCheck, CommunityRow, Phone, Recording

AT_ONCE = 500  # names in one question


@dataclass(frozen=True, slots=True)
class Kept:
    """A call that we have. ``open``: nobody told its end. ``nobody``: we do not know who rang."""

    open: bool
    nobody: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What of a list we have: calls by SID, and the SIDs of recordings."""

    calls: dict[str, Kept]
    recordings: set[str]


def known(db: Session, calls: Collection[str], recordings: Collection[str]) -> Known:
    """Which of these we have."""
    asked = select(Call.sid, Call.ended_at.is_(None), Call.caller_id.is_(None))
    found = (row for some in _parts(calls) for row in db.execute(asked.where(Call.sid.in_(some))))
    kept = (
        sid for some in _parts(recordings) for sid in db.scalars(select(Recording.sid).where(Recording.sid.in_(some)))
    )
    return Known({sid: Kept(going_on, nobody) for sid, going_on, nobody in found}, set(kept))


def rung(db: Session, numbers: Collection[str]) -> set[str]:
    """Which of these numbers (E.164) calls came in for."""
    called = select(Phone.e164).where(select(Call.id).where(Call.called_id == Phone.id).exists())
    return {e164 for some in _parts(numbers) for e164 in db.scalars(called.where(Phone.e164.in_(some)))}


def dialled(db: Session) -> set[str]:
    """The numbers that communities have of their own."""
    return set(db.scalars(select(CommunityRow.dialled).where(CommunityRow.dialled.is_not(None))))


def check(db: Session, carrier: str) -> CarrierCheck | None:
    """How the last comparison with this carrier went; None: there was none."""
    return db.get(CarrierCheck, carrier)


def checks(db: Session) -> Sequence[CarrierCheck]:
    """The last comparison with each carrier."""
    return db.scalars(select(CarrierCheck).order_by(CarrierCheck.carrier)).all()


def keep_check(db: Session, carrier: str, now: datetime, *, read_until: datetime | None, trouble: str | None) -> None:
    """How this one went; what was read before stays read."""
    row = db.get(CarrierCheck, carrier) or CarrierCheck(carrier=carrier)
    row.asked_at, row.trouble = now, trouble
    row.read_until = max(filter(None, (row.read_until, read_until)), default=None)
    db.add(row)


def _parts(names: Collection[str]) -> Iterator[Sequence[str]]:
    ordered = sorted(names)
    return (ordered[first : first + AT_ONCE] for first in range(0, len(ordered), AT_ONCE))
