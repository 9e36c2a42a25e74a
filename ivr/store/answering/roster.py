"""The roster as it is kept: rotations, what was decided by hand beside them, and shifts that change hands."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.models import RosterChange, RotationRow, ShiftSwap, Staff
from routing.roster.rotation import EVERY_DAY, Change, Rotation
from routing.roster.schedule import Schedule, resolve
from routing.roster.shift import Scope, Shift, Span

MOMENT = timedelta(seconds=1)
LONGEST_LOOK = timedelta(days=2)  # no shift is longer


def schedule(db: Session, within: Span) -> Schedule:
    """Who is on in that time."""
    rows = db.scalars(select(RotationRow).where(RotationRow.removed_at.is_(None)).order_by(RotationRow.id))
    return resolve([rotation(row) for row in rows], changes(db, within), within)


def on(db: Session, now: datetime) -> list[Shift]:
    """Who is on at this moment."""
    return schedule(db, Span(now, now + MOMENT)).on(now)


def rotation(row: RotationRow) -> Rotation:
    return Rotation(
        id=row.id,
        people=tuple(each.staff_id for each in row.people),
        opens=time.fromisoformat(row.opens),
        closes=time.fromisoformat(row.closes),
        first=row.first,
        last=row.last,
        zone=ZoneInfo(row.zone),
        weekdays=frozenset(row.weekdays) or EVERY_DAY,
        turn_days=row.turn_days,
        scope=Scope(frozenset(row.needs), frozenset(row.areas), frozenset(row.languages)),
    )


def changes(db: Session, within: Span) -> Iterable[Change]:
    """What was decided by hand for that time, in the order in which it was."""
    rows = select(RosterChange).where(RosterChange.ends_at > within.starts, RosterChange.starts_at < within.ends)
    for row in db.scalars(rows.order_by(RosterChange.id)):
        yield Change(row.staff_id, Span(row.starts_at, row.ends_at), row.on)


def change(db: Session, person: Staff, span: Span, *, on: bool, by: Staff | None, now: datetime) -> RosterChange:
    """Put *person* on the line in that time, or take them off it. Raises ``ValueError`` for a time that is none."""
    if not span:
        raise ValueError("a shift ends after it begins")
    made_by = by.id if by else None
    row = RosterChange(
        staff_id=person.id, starts_at=span.starts, ends_at=span.ends, on=on, made_at=now, made_by_id=made_by
    )
    db.add(row)
    db.flush()
    return row


def leave(db: Session, person: Staff, now: datetime) -> bool:
    """Off the line for the rest of the shift they are on; whether they were on."""
    shifts = [each for each in schedule(db, Span(now, now + LONGEST_LOOK)).shifts if each.person == person.id]
    theirs = [each.span for each in shifts if each.span.starts <= now]
    if theirs:
        change(db, person, Span(now, max(span.ends for span in theirs)), on=False, by=person, now=now)
    return bool(theirs)


def come_back(db: Session, person: Staff, now: datetime) -> None:
    """Who took themselves off for the rest of a shift is on again; what others decided since stands."""
    latest = select(RosterChange).where(RosterChange.staff_id == person.id).order_by(RosterChange.id.desc()).limit(1)
    left = db.scalars(latest).first()
    if left and not left.on and left.made_by_id == person.id and left.starts_at <= now < left.ends_at:
        change(db, person, Span(now, left.ends_at), on=True, by=person, now=now)


def rotations(db: Session) -> list[RotationRow]:
    """Those that go on."""
    rows = select(RotationRow).where(RotationRow.removed_at.is_(None)).order_by(RotationRow.opens, RotationRow.id)
    return list(db.scalars(rows))


def remove(db: Session, rotation_id: int, now: datetime) -> None:
    """It ends at once; removed again, it stays as it is."""
    row = db.get(RotationRow, rotation_id)
    if row and row.removed_at is None:
        row.removed_at = now


class NotTheirs(ValueError):
    """Nobody gives away a shift that is not theirs, or to somebody who cannot be rung."""


def ask_swap(db: Session, giver: Staff, taker: Staff, span: Span, now: datetime) -> ShiftSwap:
    """*giver* asks *taker* to take over their time. Raises ``NotTheirs``."""
    theirs = any(shift.person == giver.id for shift in schedule(db, span).on(span.starts)) if span else False
    if not theirs or span.ends <= now or taker.id == giver.id or not rules.may(taker, "take_calls"):
        raise NotTheirs
    swap = ShiftSwap(giver_id=giver.id, taker_id=taker.id, starts_at=span.starts, ends_at=span.ends, asked_at=now)
    db.add(swap)
    db.flush()
    return swap


def asked_of(db: Session, taker: Staff, now: datetime) -> list[ShiftSwap]:
    """What *taker* is asked to take over, and has not answered."""
    waiting = select(ShiftSwap).where(
        ShiftSwap.taker_id == taker.id, ShiftSwap.answered_at.is_(None), ShiftSwap.ends_at > now
    )
    return list(db.scalars(waiting.order_by(ShiftSwap.starts_at)))


def answer_swap(db: Session, taker: Staff, swap_id: int, agreed: bool, now: datetime) -> bool:
    """Both agree: the time changes hands. Whether it did: not when it is not theirs to say, or was answered before."""
    swap = db.scalars(select(ShiftSwap).where(ShiftSwap.id == swap_id).with_for_update(of=ShiftSwap)).first()
    if swap is None or swap.taker_id != taker.id or swap.answered_at is not None:
        return False
    swap.answered_at, swap.agreed = now, agreed
    if agreed:
        span = Span(swap.starts_at, swap.ends_at)
        change(db, swap.giver, span, on=False, by=taker, now=now)
        change(db, taker, span, on=True, by=taker, now=now)
    return agreed
