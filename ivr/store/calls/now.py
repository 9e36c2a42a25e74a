"""A call and its ticket as plain values, for the length of a request.

An ordinary turn knows which rows it reads and writes, so it says so itself, in a statement each: the unit of work would
cost five times as much. Whatever moves calls between tickets needs more of them, and asks for ``CallNow.whole``.
"""

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import Session, joinedload

from ivr.store.models import Call, HistoryLine, Ticket


@dataclass
class TicketNow:
    """What a turn may have to know of the call's ticket, and may change in it; by the names that ``Ticket`` has."""

    id: int
    need: str | None
    community_code: str | None
    language: str
    due_at: datetime
    due_again_at: datetime | None
    urgent: bool
    wants_person_at: datetime | None
    talked_at: datetime | None
    for_another: bool
    presumed: bool
    extension: str
    opened_at: datetime

    def __post_init__(self) -> None:
        self.kept = dict(vars(self))
        self.lines: list[dict[str, Any]] = []

    @property
    def promised_at(self) -> datetime:
        """Until when somebody calls back, by the last promise."""
        return self.due_again_at or self.due_at

    def save(self, db: Session) -> None:
        """Write what is new, and the history that came with it, in a statement each."""
        _write(db, TICKETS, self.id, self.kept, vars(self))
        if self.lines:
            db.execute(NEW_LINES, self.lines)
            self.lines = []


@dataclass
class CallNow:
    """A call whose row is locked; by the names that ``Call`` has. Nothing is written before ``save``.

    ``asked_at``: when its open question was asked; None: none was.
    """

    db: Session
    id: int
    sid: str
    caller_id: int | None
    called_id: int | None
    test: bool
    language: str
    step: str
    turn: int
    state: dict[str, Any]
    community_code: str | None
    failed: bool
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    left_at: str | None
    taken_at: datetime | None
    wants_person_at: datetime | None
    ticket_id: int | None
    staff_id: int | None
    asked_at: datetime | None
    ticket: TicketNow | None
    row: Call | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.kept = {column.key: getattr(self, column.key) for column in CALL}

    def whole(self) -> Call:
        """The row itself, with whatever belongs to it."""
        if self.row is None:
            self.save()
            self.row = self.db.get_one(Call, self.id, options=[joinedload(Call.ticket)])
        return self.row

    def settle(self) -> None:
        """Write what was changed in ``whole``, and take over which ticket it has by now."""
        if self.row is None:
            return
        if self.ticket:
            self.ticket.save(self.db)
        self.db.flush()
        ticket = self.row.ticket
        self.ticket_id = self.kept["ticket_id"] = ticket.id if ticket else None
        self.ticket = TicketNow(*(getattr(ticket, column.key) for column in TICKET)) if ticket else None

    def save(self) -> None:
        """Write what is new; with ``whole``, where that is written anyway."""
        if self.ticket:
            self.ticket.save(self.db)
        if self.row is None:
            _write(self.db, CALLS, self.id, self.kept, vars(self))
            return
        for name in _changed(self.kept, vars(self)):
            setattr(self.row, name, getattr(self, name))


CALLS, TICKETS = cast(Table, Call.__table__), cast(Table, Ticket.__table__)
CALL = tuple(CALLS.c[each.name] for each in fields(CallNow) if each.name in CALLS.c)
TICKET = tuple(TICKETS.c[each.name] for each in fields(TicketNow))
NEW_LINES = insert(cast(Table, HistoryLine.__table__))
CHANGE = {table: update(table).where(table.c.id == bindparam("row_id")) for table in (CALLS, TICKETS)}


def _changed(kept: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    return {name: now[name] for name, before in kept.items() if now[name] != before}


def _write(db: Session, table: Table, row_id: int, kept: dict[str, Any], now: dict[str, Any]) -> None:
    if changed := _changed(kept, now):
        db.execute(CHANGE[table], {"row_id": row_id, **changed})
        kept |= changed
