"""The inbox: which tickets wait for this person, and whether that has changed since they last looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from ivr.store import access
from ivr.store.models import OPEN_STATUSES, HistoryLine, Staff, Ticket

LONGEST_SECTION = 100


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the inbox, at most ``LONGEST_SECTION`` tickets of *total*."""

    key: str
    tickets: Sequence[Ticket]
    total: int


def sections(db: Session, staff: Staff, today: datetime) -> list[Section]:
    """New, mine, with others, resolved since *today* began; what is most pressing comes first."""
    waiting = (Ticket.urgent.desc(), Ticket.due_at, Ticket.id)
    mine = Ticket.claimed_by_id == staff.id
    parts = {
        "new": (Ticket.status == "new", waiting),
        "mine": (and_(Ticket.status == "claimed", mine), waiting),
        "others": (and_(Ticket.status == "claimed", ~mine), waiting),
        "resolved": (_resolved_since(today), (Ticket.resolved_at.desc(),)),
    }
    return [Section(key, *_found(db, staff, condition, order)) for key, (condition, order) in parts.items()]


def version(db: Session, staff: Staff, today: datetime) -> str:
    """Changes whenever a ticket comes into this person's inbox, leaves it, or gets a history line there."""
    shown = select(Ticket.id).where(access.reach(staff), or_(Ticket.status.in_(OPEN_STATUSES), _resolved_since(today)))
    lines = select(func.max(HistoryLine.id)).where(HistoryLine.ticket_id == Ticket.id).correlate(Ticket)
    newest = shown.with_only_columns(func.count(), func.max(lines.scalar_subquery()))
    number, line = db.execute(newest).one()
    return f"{line or 0}-{number}"


def _found(
    db: Session, staff: Staff, condition: ColumnElement[bool], order: tuple[Any, ...]
) -> tuple[Sequence[Ticket], int]:
    query = access.visible_tickets(staff).where(condition)
    total = db.scalars(query.with_only_columns(func.count())).one()
    shown = query.order_by(*order).limit(LONGEST_SECTION)
    loaded = (
        joinedload(Ticket.caller),
        joinedload(Ticket.community),
        joinedload(Ticket.claimed_by),
        selectinload(Ticket.recordings),
    )
    return db.scalars(shown.options(*loaded)).all(), total


def _resolved_since(today: datetime) -> ColumnElement[bool]:
    return and_(Ticket.status.in_(("resolved", "closed")), Ticket.resolved_at >= today)
