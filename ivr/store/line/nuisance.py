"""The nuisance list: numbers whose calls are answered and kept, and ring nobody, until their time is over."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, cast, delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from ivr.store import hotline
from ivr.store.facts import line
from ivr.store.facts.line import Setting
from ivr.store.line import changes
from ivr.store.line.changes import About
from ivr.store.models import Hotline, LineChange, Phone

REVIEW = timedelta(days=3)  # so long before its end somebody should look whether it is still needed


def about(phone: Phone) -> About:
    """The setting that says whether this number is on it."""
    return About(line.Nuisance, str(phone.id))


def listed(db: Session) -> list[tuple[Phone, LineChange, line.Nuisance]]:
    """Every number that nobody has taken off, with the change that put it there; the first to end first."""
    found = changes.latest_of(db, line.Nuisance)
    ids = [int(key) for key, change in found.items() if change.after is not None]
    phones = {str(phone.id): phone for phone in db.scalars(select(Phone).where(Phone.id.in_(ids)))}
    those = [
        (phones[key], change, decided)
        for key, change in found.items()
        if key in phones and isinstance(decided := change.is_now, line.Nuisance)
    ]
    return sorted(those, key=lambda each: each[2].ends_at)


def to_review(db: Session, now: datetime) -> int:
    """How many end soon."""
    ends = (each.ends_at for _, _, each in listed(db))
    return sum(now < each <= now + REVIEW for each in ends)


# Of a ticket's ``caller_id``: joined, the listing that holds for it.
LISTING = (
    select(LineChange.key, LineChange.after)
    .where(LineChange.kind == line.Nuisance.kind, LineChange.current, LineChange.after.is_not(None))
    .subquery()
)


def of_caller(phone_id: InstrumentedAttribute[int | None]) -> ColumnElement[bool]:
    """The condition that joins ``LISTING`` to a column of phones' ids."""
    return LISTING.c.key == cast(phone_id, String)


def quiet(after: object, now: datetime) -> bool:
    """Whether what a joined ``LISTING`` says holds now."""
    decided = Setting.read(line.Nuisance.kind, after) if isinstance(after, dict) else None
    return isinstance(decided, line.Nuisance) and decided.holds(now)


def forget(db: Session, phone_ids: Collection[int]) -> None:
    """All that was ever decided about these numbers."""
    keys = [str(each) for each in phone_ids]
    theirs = delete(LineChange).where(LineChange.kind == line.Nuisance.kind, LineChange.key.in_(keys))
    if db.execute(theirs.returning(LineChange.id)).all():
        hotline.settings(db).line_version = Hotline.line_version + 1
        db.flush()
