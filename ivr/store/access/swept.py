"""What the sweeps saw to: a line of the audit each time, so that what heals by itself is not healed in secret."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.store.access import audit
from ivr.store.facts.audit import SWEPT, Swept
from ivr.store.models import AuditLine

LATELY = timedelta(days=1)


def note(db: Session, what: str, number: int, now: datetime) -> None:
    """Write down that so many of ``SWEPT`` were stuck; of none, nothing."""
    if number:
        audit.append(db, None, Swept(what, number), now)


def lately(db: Session, now: datetime) -> Mapping[str, int]:
    """How many of each were seen to within a day; of what none was, nothing."""
    what, number = AuditLine.detail["what"].as_string(), AuditLine.detail["number"].as_integer()
    lines = select(what, func.sum(number)).where(AuditLine.kind == Swept.kind, AuditLine.at > now - LATELY)
    found = {each: int(counted) for each, counted in db.execute(lines.group_by(what))}
    return {each: found[each] for each in SWEPT if each in found}
