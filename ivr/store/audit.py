"""The audit: who looked at, changed or was refused what. Lines are added, never edited."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.models import AuditLine, Staff

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
