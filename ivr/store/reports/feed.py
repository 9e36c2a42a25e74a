"""What is new since another system last asked, with nothing missed: by the order in which it was stored, not by clocks.

A call's ticket is opened at the caller's first word but dated at the call's beginning, and what waited on the disk
while the database was away is stored long after it happened: a time can miss both. The cursors here count what was
stored: history lines for tickets, rows for calls.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic

from sqlalchemy import ColumnElement, literal_column, select, true
from sqlalchemy.orm import Session

from ivr.store.models import Call, HistoryLine, Ticket
from ivr.store.reports.export import Row, call_query, ticket_query
from ivr.store.tickets.history import QUIET

LINES_PER_TICKET = 20  # looked at for each ticket of a page: a ticket's history grows by a line at a time


@dataclass(frozen=True, slots=True)
class News(Generic[Row]):
    """``rows``, oldest news first; ``after``: where to go on; ``more``: whether there is more already."""

    rows: Sequence[Row]
    after: int
    more: bool


def tickets(
    db: Session,
    visible: ColumnElement[bool],
    after: int,
    limit: int,
    since: datetime | None = None,
    *,
    call_sid: str | None = None,
    status: str | None = None,
    need: str | None = None,
    community: str | None = None,
) -> News[Ticket]:
    """Tickets to which something happened since, as they are now, each once: new ones, and what became of old ones."""
    window = limit * LINES_PER_TICKET
    lines = (
        select(HistoryLine.id, HistoryLine.ticket_id)
        .where(HistoryLine.id > after, HistoryLine.kind.not_in(QUIET), _settled(db, HistoryLine.__tablename__))
        .order_by(HistoryLine.id)
        .limit(window)
    )
    read = db.execute(lines).all()
    ids: dict[int, int] = {}  # of tickets, and their last line
    for line in read:
        if line.ticket_id not in ids and len(ids) == limit:
            break
        ids.pop(line.ticket_id, None)
        ids[line.ticket_id] = after = line.id
    query = ticket_query(visible, since=since, call_sid=call_sid, status=status, need=need, community=community)
    rows = sorted(db.scalars(query.where(Ticket.id.in_(ids))).unique(), key=lambda ticket: ids[ticket.id])
    return News(rows, after, more=len(read) == window or (bool(read) and after < read[-1].id))


def calls(
    db: Session,
    visible: ColumnElement[bool],
    after: int,
    limit: int,
    since: datetime | None = None,
    *,
    call_sid: str | None = None,
    outcome: str | None = None,
) -> News[Call]:
    """Calls that have ended since, each once; one that goes on holds back those that began after it."""
    begun = select(Call.id, Call.ended_at).where(Call.id > after, _settled(db, Call.__tablename__))
    ids: list[int] = []
    more = False
    for call_id, ended_at in db.execute(begun.order_by(Call.id).limit(limit + 1)).all():
        if ended_at is None:
            break
        if len(ids) == limit:
            more = True
            break
        ids.append(call_id)
    found = (
        call_query(visible, since=since, call_sid=call_sid, outcome=outcome).where(Call.id.in_(ids)).order_by(Call.id)
    )
    return News(db.scalars(found).unique().all(), ids[-1] if ids else after, more)


def _settled(db: Session, table: str) -> ColumnElement[bool]:
    """Whether no lower id can still appear: PostgreSQL gives ids before it commits, so a row is held back while a
    transaction that is older than its own goes on. SQLite writes one transaction at a time.

    Source: https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT
    """
    if db.get_bind().dialect.name == "sqlite":
        return true()
    # the table is one of our own two names
    return literal_column(f"age({table}.xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid)").is_(true())
