"""The roster as it is kept: rotations, and what was decided by hand beside them."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.models import RosterChange, RotationRow, Staff
from routing.roster.rotation import EVERY_DAY, Change, Rotation
from routing.roster.schedule import Schedule, resolve
from routing.roster.shift import Scope, Shift, Span

MOMENT = timedelta(seconds=1)


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
