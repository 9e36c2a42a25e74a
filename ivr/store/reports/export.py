"""Which tickets and calls another system asked for: newest first, with everything it will read already loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload, lazyload, raiseload, selectinload

from ivr.store.facts.fact import names
from ivr.store.facts.history import Opened, Typed
from ivr.store.models import Call, CommunityRow, HistoryLine, Recording, Ticket, Turn

Row = TypeVar("Row", Ticket, Call)

TURNS = selectinload(Call.turns).defer(Turn.reply)  # the documents we answered with are long, and not read here

OPENING = (Opened, Typed)  # the history's first line
LATE = timedelta(days=7)  # how long before its opening a ticket may be dated: a call waited on the disk meanwhile


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a list: at most ``limit`` rows that began at ``since`` or later, older than the row ``before``."""

    limit: int
    before: int | None = None
    since: datetime | None = None


def tickets(
    db: Session,
    visible: ColumnElement[bool],
    window: Window,
    *,
    call_sid: str | None = None,
    status: str | None = None,
    need: str | None = None,
    community: str | None = None,
) -> Sequence[Ticket]:
    """Tickets with their calls, turns and recordings, of those *visible*. ``call_sid`` may be any of a ticket's."""
    found = ticket_query(visible, since=window.since, call_sid=call_sid, status=status, need=need, community=community)
    return _newest(db, found, Ticket, window)


def ticket_query(
    visible: ColumnElement[bool],
    *,
    since: datetime | None = None,
    call_sid: str | None = None,
    status: str | None = None,
    need: str | None = None,
    community: str | None = None,
) -> Select[Ticket]:
    """Tickets of these kinds, to be read whole.

    One is as young as its opening: a call that began before *since* may have opened its ticket after. What was merged
    into another has nothing of its own any more: it is no ticket here.
    """
    found = select(Ticket).where(Ticket.merged_into_id.is_(None), visible)
    found = found.options(
        joinedload(Ticket.caller),
        joinedload(Ticket.community).options(lazyload(CommunityRow.aliases)),
        selectinload(Ticket.calls).options(TURNS, raiseload("*")),
        selectinload(Ticket.recordings),
        joinedload(Ticket.linked_to).load_only(Ticket.confidential),
        raiseload("*"),
    )
    if call_sid is not None:
        found = found.where(Ticket.calls.any(Call.sid == call_sid))
    if since is not None:
        opening = select(HistoryLine.id).where(
            HistoryLine.ticket_id == Ticket.id, HistoryLine.kind.in_(names(OPENING)), HistoryLine.at >= since
        )
        late = and_(Ticket.opened_at >= since - LATE, opening.exists())
        found = found.where(or_(Ticket.opened_at >= since, late))
    wanted = {Ticket.status: status, Ticket.need: need, Ticket.community_code: community}
    return found.where(*(column == value for column, value in wanted.items() if value is not None))


def calls(
    db: Session,
    visible: ColumnElement[bool],
    window: Window,
    *,
    call_sid: str | None = None,
    outcome: str | None = None,
) -> Sequence[Call]:
    """Calls with their turns, those without a ticket too."""
    return _newest(db, call_query(visible, since=window.since, call_sid=call_sid, outcome=outcome), Call, window)


def call_query(
    visible: ColumnElement[bool],
    *,
    since: datetime | None = None,
    call_sid: str | None = None,
    outcome: str | None = None,
) -> Select[Call]:
    """Calls of these kinds, to be read whole."""
    found = select(Call).where(visible)
    found = found.options(joinedload(Call.caller), joinedload(Call.ticket).load_only(Ticket.id), TURNS, raiseload("*"))
    if call_sid is not None:
        found = found.where(Call.sid == call_sid)
    if outcome is not None:
        found = found.where(Call.outcome == outcome)
    if since is not None:
        found = found.where(Call.started_at >= since)
    return found


def recording(db: Session, visible: ColumnElement[bool], sid: str) -> Recording | None:
    """The recording of this id, if its ticket is *visible*; one without a ticket, to whoever sees everything."""
    found = select(Recording).outerjoin(Recording.ticket).where(Recording.sid == sid, visible)
    return db.scalars(found).one_or_none()


def _newest(db: Session, found: Select[Row], row: type[Row], window: Window) -> Sequence[Row]:
    """By id, not by time: a clock that was put back must not hide a row between two pages."""
    if window.before is not None:
        found = found.where(row.id < window.before)
    return db.scalars(found.order_by(row.id.desc()).limit(window.limit)).unique().all()
