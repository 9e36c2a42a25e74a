"""The audit: who looked at, changed or was refused what. Lines are added, never edited."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ivr.store.access import rules
from ivr.store.models import AuditLine, Staff

PAGE_LINES = 100
ONE_LISTENING = timedelta(minutes=10)  # seeking makes a browser ask for the same recording again and again


def append(db: Session, staff: Staff | None, action: str, subject: str, now: datetime) -> None:
    """One line. *subject* names a thing by its id ("recording 7"), never a number or anybody's words."""
    db.add(AuditLine(at=now, staff_id=staff and staff.id, action=action, subject=subject))


def just_did(db: Session, staff: Staff, action: str, subject: str, now: datetime) -> bool:
    """Whether the audit has this of the same person within the last minutes."""
    line = select(AuditLine.id).where(
        AuditLine.at > now - ONE_LISTENING,
        AuditLine.staff_id == staff.id,
        AuditLine.action == action,
        AuditLine.subject == subject,
    )
    return db.scalars(line.limit(1)).first() is not None


def page(db: Session, staff: Staff, before: int | None = None) -> tuple[Sequence[AuditLine], int | None]:
    """The lines this person may read, newest first, and the id to continue *before*; None on the last page."""
    query = rules.visible_audit(staff).options(joinedload(AuditLine.staff)).order_by(AuditLine.id.desc())
    if before is not None:
        query = query.where(AuditLine.id < before)
    lines = db.scalars(query.limit(PAGE_LINES + 1)).all()
    return lines[:PAGE_LINES], lines[PAGE_LINES - 1].id if len(lines) > PAGE_LINES else None
