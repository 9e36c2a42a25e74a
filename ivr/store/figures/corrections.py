"""What staff put right after the days were over: the figures have it already, and a report says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.facts import history as entries
from ivr.store.facts.fact import names
from ivr.store.figures.period import Asked
from ivr.store.models import HistoryLine, Staff, Ticket

KINDS = (entries.Community, entries.Need, entries.Merged, entries.Reopened)


@dataclass(frozen=True, slots=True)
class Correction:
    """``who`` changed ``what`` of a ticket ``at`` a later day; ``before`` and ``after``: codes or keys."""

    at: datetime
    who: str
    ticket_id: int
    what: str
    before: str | None = None
    after: str | None = None


def corrections(db: Session, asked: Asked) -> Sequence[Correction]:
    """Of the tickets opened in these days, the latest first."""
    theirs = (Ticket.opened_at >= asked.since, Ticket.opened_at < asked.until, Ticket.test.is_(False))
    lines = (
        select(HistoryLine, Staff.name)
        .join(HistoryLine.ticket)
        .join(HistoryLine.staff)
        .where(
            rules.granted(asked.staff, "see_figures"),
            rules.known_to(asked.staff),
            *theirs,
            HistoryLine.kind.in_(names(KINDS)),
            HistoryLine.at >= asked.until,
        )
        .order_by(HistoryLine.id.desc())
    )
    return [_told(line, name) for line, name in db.execute(lines)]


def _told(line: HistoryLine, who: str) -> Correction:
    entry = line.entry
    change = (entry.from_, entry.to) if isinstance(entry, entries.Community | entries.Need) else (None, None)
    return Correction(line.at, who, line.ticket_id, line.kind, *change)
