"""The lines of a ticket's history: added, never changed. The newest one says which state of it somebody has seen."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, lazyload

from ivr.store.facts import history as entries
from ivr.store.facts.fact import names
from ivr.store.facts.history import Entry
from ivr.store.models import HistoryLine, Staff, Ticket

Kind = type[Entry]

QUIET = (entries.Listened.kind,)  # no news for whoever has the page open: they do it themselves


class Noted(Protocol):
    """A ticket as plain values, which keeps the lines of its history until it is written itself."""

    id: int
    lines: list[dict[str, Any]]


def note(db: Session, ticket: Ticket | Noted, entry: Entry, now: datetime, *, by: Staff | None = None) -> None:
    """One thing that happened; *by* None: a call or the worker did it.

    Of a ticket that a call has as plain values it goes past the session: calls write no words that anybody searches.
    """
    line: dict[str, Any] = {"staff_id": by and by.id, "kind": entry.kind, "at": now, "detail": entry.detail()}
    if isinstance(ticket, Ticket):
        db.add(HistoryLine(ticket=ticket, **line))
    else:
        ticket.lines.append(line | {"ticket_id": ticket.id})


def newest(db: Session, ticket_id: int) -> int:
    """The id of the last line that is news; 0 when there is none."""
    lines = select(func.max(HistoryLine.id)).where(HistoryLine.ticket_id == ticket_id)
    return db.scalar(lines.where(HistoryLine.kind.not_in(QUIET))) or 0


def of(db: Session, ticket: Ticket) -> Sequence[HistoryLine]:
    """The whole history, oldest first, with that of the tickets that were merged into this one."""
    read = select(HistoryLine).options(with_staff()).order_by(HistoryLine.id)
    lines = db.scalars(read.where(HistoryLine.ticket_id == ticket.id)).all()
    if merged := absorbed(lines):
        lines = db.scalars(read.where(HistoryLine.ticket_id.in_([ticket.id, *merged]))).all()
    return lines


def of_many(db: Session, ids: Collection[int], kinds: Collection[Kind]) -> dict[int, list[HistoryLine]]:
    """The same of many tickets at once, by id; of it the lines of these *kinds*."""

    def read(ids: Collection[int], kinds: Collection[Kind]) -> Sequence[HistoryLine]:
        lines = select(HistoryLine).options(lazyload(HistoryLine.staff))
        return db.scalars(lines.where(HistoryLine.ticket_id.in_(ids), HistoryLine.kind.in_(names(kinds)))).all()

    own = read(ids, [*kinds, entries.Absorbed])
    now_in = {merged: line.ticket_id for line in own for merged in absorbed([line])}
    found: dict[int, list[HistoryLine]] = {}
    for line in sorted([*own, *(read(now_in, kinds) if now_in else ())], key=lambda line: line.id):
        found.setdefault(now_in.get(line.ticket_id, line.ticket_id), []).append(line)
    return found


def with_staff() -> Any:
    """Lines are read with who wrote them, whose communities nobody asks for."""
    return joinedload(HistoryLine.staff).lazyload(Staff.communities)


def absorbed(lines: Sequence[HistoryLine]) -> list[int]:
    """The ids of the tickets that these lines say were merged into theirs."""
    found = (line.entry for line in lines if line.kind == entries.Absorbed.kind)
    return [ticket_id for entry in found if isinstance(entry, entries.Absorbed) for ticket_id in entry.absorbed]


def own_since(db: Session, ticket_id: int, seen: int, staff: Staff, kinds: Collection[Kind]) -> Sequence[HistoryLine]:
    """What *staff* did themselves with the ticket after the line *seen*, of these *kinds*."""
    lines = select(HistoryLine).where(HistoryLine.ticket_id == ticket_id, HistoryLine.id > seen)
    return db.scalars(lines.where(HistoryLine.staff_id == staff.id, HistoryLine.kind.in_(names(kinds)))).all()


def since(
    db: Session, ticket_id: int, seen: int, staff: Staff, kinds: Collection[Kind] | None = None
) -> Sequence[HistoryLine]:
    """What others did with the ticket after the line *seen*, oldest first; of these *kinds*, or all that is news."""
    lines = (
        select(HistoryLine)
        .options(with_staff())
        .where(HistoryLine.ticket_id == ticket_id, HistoryLine.id > seen)
        .where(or_(HistoryLine.staff_id.is_(None), HistoryLine.staff_id != staff.id))
        .where(HistoryLine.kind.not_in(QUIET) if kinds is None else HistoryLine.kind.in_(names(kinds)))
    )
    return db.scalars(lines.order_by(HistoryLine.id)).all()
