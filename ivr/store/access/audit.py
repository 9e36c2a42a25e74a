"""The audit: who looked at, changed or was refused what. Lines are added, never edited.

Triggers refuse every change of a line; and each line's hash covers the line before it, so that whoever goes round the
triggers has to write all that follows anew, and cannot keep the last hash that somebody has noted elsewhere.
"""

from collections.abc import Collection, Sequence
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session, joinedload

from ivr.store.access import rules
from ivr.store.access.chain import hash_of, last_hash
from ivr.store.facts.audit import Deed
from ivr.store.models import AuditLine, Staff

PAGE_LINES = 100
ONE_LISTENING = timedelta(minutes=10)  # seeking makes a browser ask for the same recording again and again


class Client(NamedTuple):
    """Where a request comes from, and the login it came with."""

    address: str = ""
    session: str = ""


HERE = Client()  # the command line, or a job
CLIENT: ContextVar[Client] = ContextVar("CLIENT", default=HERE)  # of the request that is being answered
PENDING = "audit"  # a transaction's own lines, until it ends
ONE_WRITER = 7_262_311  # PostgreSQL's advisory lock: any number that nobody else takes


def append(db: Session, staff: Staff | None, deed: Deed, now: datetime, count: int = 1) -> None:
    """One line; *staff* None: another system did it, or nobody knows who."""
    client = CLIENT.get()
    line = AuditLine(
        at=now,
        staff_id=staff and staff.id,
        kind=deed.kind,
        detail=deed.detail(),
        address=client.address,
        session=client.session,
        count=count,
    )
    db.info.setdefault(PENDING, []).append(line)


@event.listens_for(Session, "before_commit")
def write(db: Session) -> None:
    """Chain the transaction's lines and write them, last of all: nobody waits for another lock while they hold this."""
    lines = db.info.pop(PENDING, ())
    if not lines:
        return
    if db.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        db.execute(select(func.pg_advisory_xact_lock(ONE_WRITER)))
    before = last_hash(db)
    for line in lines:
        line.hash = before = hash_of(before, line)
        db.add(line)
        db.flush()


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
    pending = [line for line in db.info.get(PENDING, ()) if line.staff_id == staff.id and line.kind in kinds]
    return [line.deed for line in (*db.scalars(lines), *pending)]


def page(db: Session, staff: Staff, before: int | None = None) -> tuple[Sequence[AuditLine], int | None]:
    """The lines this person may read, newest first, and the id to continue *before*; None on the last page."""
    query = rules.visible_audit(staff).options(joinedload(AuditLine.staff)).order_by(AuditLine.id.desc())
    if before is not None:
        query = query.where(AuditLine.id < before)
    lines = db.scalars(query.limit(PAGE_LINES + 1)).all()
    return lines[:PAGE_LINES], lines[PAGE_LINES - 1].id if len(lines) > PAGE_LINES else None
