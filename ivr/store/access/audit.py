"""The audit: who looked at, changed or was refused what. Lines are added, never edited."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ivr.store.access import rules
from ivr.store.facts.audit import Deed
from ivr.store.models import AuditLine, Staff

PAGE_LINES = 100
ONE_LISTENING = timedelta(minutes=10)  # seeking makes a browser ask for the same recording again and again


def append(db: Session, staff: Staff | None, deed: Deed, now: datetime) -> None:
    """One line; *staff* None: another system did it."""
    db.add(AuditLine(at=now, staff_id=staff and staff.id, kind=deed.kind, detail=deed.detail()))


def append_once(db: Session, staff: Staff, deeds: Sequence[Deed], now: datetime) -> None:
    """A line for each that the audit has not of the same person within the last minutes."""
    known = _lately(db, staff, {deed.kind for deed in deeds}, now)
    for deed in deeds:
        if deed not in known:
            append(db, staff, deed, now)


def just_did(db: Session, staff: Staff, deed: Deed, now: datetime) -> bool:
    """Whether the audit has this of the same person within the last minutes."""
    return deed in _lately(db, staff, {deed.kind}, now)


def _lately(db: Session, staff: Staff, kinds: Collection[str], now: datetime) -> list[Deed | None]:
    """What this person did within the last minutes, of these kinds."""
    lines = select(AuditLine).where(
        AuditLine.at > now - ONE_LISTENING, AuditLine.staff_id == staff.id, AuditLine.kind.in_(kinds)
    )
    return [line.deed for line in db.scalars(lines)]


def page(db: Session, staff: Staff, before: int | None = None) -> tuple[Sequence[AuditLine], int | None]:
    """The lines this person may read, newest first, and the id to continue *before*; None on the last page."""
    query = rules.visible_audit(staff).options(joinedload(AuditLine.staff)).order_by(AuditLine.id.desc())
    if before is not None:
        query = query.where(AuditLine.id < before)
    lines = db.scalars(query.limit(PAGE_LINES + 1)).all()
    return lines[:PAGE_LINES], lines[PAGE_LINES - 1].id if len(lines) > PAGE_LINES else None
