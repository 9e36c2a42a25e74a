"""The audit's chain: whether every line is as it was written, and none is missing between two."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ivr.store.models import AuditEnd, AuditLine

LINES_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """``lines`` that were looked at, of them ``older`` ones without a hash; ``broken``: the first that does not fit.

    ``last`` and ``hash`` are what to note elsewhere: whoever has them can tell later that nothing before was changed.
    """

    lines: int
    older: int
    broken: int | None
    last: int
    hash: str


def hash_of(before: str | None, line: AuditLine) -> str:
    """SHA-256 over a line and the hash of the line before it; "" where the chain begins."""
    told = [
        before or "",
        line.at.astimezone(UTC).isoformat(timespec="microseconds"),
        line.staff_id,
        line.kind,
        line.detail,
        line.address,
        line.session,
        line.count,
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def last_hash(db: Session) -> str | None:
    """What the next line's hash covers: the last line's, or that of the end which was left when all lines went."""
    last = db.scalars(select(AuditLine.hash).order_by(AuditLine.id.desc()).limit(1)).all()
    if last:
        return last[0]
    return db.scalar(select(AuditEnd.hash).order_by(AuditEnd.upto.desc()).limit(1))


def verify(db: Session) -> Verdict:
    """Go through the whole audit, from its first line or the last end of it."""
    end = db.scalars(select(AuditEnd).order_by(AuditEnd.upto.desc()).limit(1)).first()
    before, last, lines, older = (end.hash, end.upto, 0, 0) if end else (None, 0, 0, 0)
    with db.execute(select(AuditLine).order_by(AuditLine.id).execution_options(yield_per=LINES_AT_ONCE)) as rows:
        for (line,) in rows:
            lines += 1
            if line.hash is None and before is None:
                older += 1
            elif line.hash != hash_of(before, line):
                return Verdict(lines, older, line.id, last, before or "")
            before, last = line.hash, line.id
    return Verdict(lines, older, None, last, before or "")


def is_still(db: Session, line_id: int, noted: str) -> bool:
    """Whether a line has the hash that somebody noted; one that was taken away meanwhile cannot be told any more."""
    end = db.scalars(select(AuditEnd).order_by(AuditEnd.upto.desc()).limit(1)).first()
    if end and line_id < end.upto:
        return True
    kept = end.hash if end and line_id == end.upto else db.scalar(select(AuditLine.hash).where(AuditLine.id == line_id))
    return kept == noted


def cut(db: Session, older_than: datetime, now: datetime) -> tuple[int, int] | None:
    """Take away the lines that are older, from the first on: how many, and the last one; None when there is none.

    The end is written down first: the triggers let nothing go that lies behind it.
    """
    younger = db.scalar(select(func.min(AuditLine.id)).where(AuditLine.at >= older_than))
    gone = select(AuditLine).order_by(AuditLine.id.desc()).limit(1)
    last = db.scalars(gone if younger is None else gone.where(AuditLine.id < younger)).first()
    if last is None:
        return None
    db.add(AuditEnd(upto=last.id, hash=last.hash, at=now))
    db.flush()
    lines = db.execute(delete(AuditLine).where(AuditLine.id <= last.id)).rowcount  # type: ignore[attr-defined]  # a delete has one
    return int(lines), last.id
