"""The inbox: which tickets wait for this person, what is most pressing, and whether that has changed.

Every view is read from its own index (``views``), so that a page and the counts beside it cost the same with a thousand
tickets as with a million.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    false,
    func,
    literal,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from ivr.recent import Recent
from ivr.store.access import rules
from ivr.store.inbox import hung_up
from ivr.store.inbox.filters import NARROWED
from ivr.store.inbox.views import DONE, HUNG_UP, MAX_COUNTED, ORDERS, VIEWS, Reading, views_for
from ivr.store.models import CallerCard, HistoryLine, Ticket

PAGE_TICKETS = 30
MAX_BUILT = 500  # questions kept, one for each reader and view
NEWEST_TICKETS = 200  # among these a ticket that has just come in is looked for


class Row(NamedTuple):
    """A ticket as of its newest history ``line`` and its caller's ``card``: what is equal looks the same."""

    id: int
    line: int | None
    card: int | None
    claimed_by_id: int | None


@dataclass(frozen=True, slots=True)
class Contents:
    """What the reader would see: which rows, how many tickets in each view, and which is newest."""

    rows: tuple[Row, ...]
    more: int | None  # the ticket to continue after
    counts: dict[str, int]
    newest: int  # the youngest ticket of the view, if it is among the last that came in; else 0


def contents(db: Session, reading: Reading, after: int | None = None) -> Contents:
    """What the reader's page holds, in two questions; a third when it is to continue *after* a ticket."""
    rows_of, counts_of = _questions(db, reading, after)
    times = {"now": reading.now, "today": reading.today, "shown_since": reading.now - hung_up.SHOWN_FOR}
    found: Sequence[Any] = [] if rows_of is None else db.execute(rows_of, times).all()
    counted = db.execute(counts_of, times).one()._asdict()
    newest = max(counted.pop(name) or 0 for name in list(counted) if name.startswith("newest"))
    counts = dict.fromkeys(views_for(reading.staff), 0)
    for name, number in counted.items():
        key = name.partition(".")[0]
        counts[key] = min(counts[key] + number, MAX_COUNTED)
    rows = tuple(Row(*row) for row in found[:PAGE_TICKETS])
    return Contents(rows, rows[-1].id if len(found) > PAGE_TICKETS else None, counts, newest)


Questions = tuple[Select[Any] | None, Select[Any]]
_built = Recent[Hashable, Questions](MAX_BUILT)


def _questions(db: Session, reading: Reading, after: int | None) -> Questions:
    """What is asked of the database for this page, kept without its times: to build it takes longer than to ask it.

    For the rows (of hung-up calls there are none), and for the counts.
    """
    staff = reading.staff
    how = (reading.view, reading.filter, reading.order, reading.falling, after)
    key = (staff.id, staff.role, tuple(staff.community_codes), *how)
    if known := _built.get(key):
        return known
    timeless = replace(reading, now=bindparam("now"), today=bindparam("today"))
    built = None if reading.view == HUNG_UP else _rows(db, timeless, after), _counts(timeless)
    if after is None:  # where a page goes on depends on the ticket it goes on after
        _built.put(key, built)
    return built


def _within(reading: Reading) -> list[ColumnElement[bool]]:
    """What the reader may see of what they have narrowed their inbox to."""
    given = ((condition, getattr(reading.filter, name)) for name, condition in NARROWED.items())
    return [rules.visible_to(reading.staff), *(condition(value) for condition, value in given if value)]


def _rows(db: Session, reading: Reading, after: int | None) -> Select[Any]:
    """The page's tickets, and one more, each with its newest history line and the version of its caller's card."""
    last = db.execute(select(Ticket).where(Ticket.id == after)).scalars().first() if after else None
    found = _done(reading, last) if reading.view == DONE else _pressing(reading, last)
    line = select(func.max(HistoryLine.id)).where(HistoryLine.ticket_id == found.c.id)
    card = select(CallerCard.version).where(CallerCard.phone_id == found.c.caller_id)
    falling = reading.view == DONE or reading.falling
    order = found.c.place, *_sorted(found.c.at, found.c.id, falling=falling)
    columns = (found.c.id, line.scalar_subquery(), card.scalar_subquery(), found.c.claimed_by_id)
    return select(*columns).order_by(*order)


def _pressing(reading: Reading, last: Ticket | None) -> Any:
    """Urgent ones first, then by the promise: each part of the view and each urgency from its own index.

    Sorted by a column, urgent ones stand among the others.
    """
    view, at = VIEWS[reading.view], ORDERS.get(reading.order, Ticket.due_at)
    mixed, falling = view.late_first or bool(reading.order), reading.falling
    within, branches = _within(reading), []
    for part in view.parts(reading.staff, reading.now):
        for place, urgent in enumerate([None] if mixed else [True, False]):
            of_urgency = [] if urgent is None else [Ticket.urgent == (true() if urgent else false())]
            if last and urgent is True and not last.urgent:
                continue
            if last and urgent in (None, last.urgent):
                here, there = tuple_(at, Ticket.id), tuple_(getattr(last, at.key), last.id)
                of_urgency.append(here < there if falling else here > there)
            columns = (
                Ticket.id,
                Ticket.caller_id,
                Ticket.claimed_by_id,
                at.label("at"),
                literal(place).label("place"),
            )
            found = (
                select(*columns).where(part, *of_urgency, *within).order_by(*_sorted(at, Ticket.id, falling=falling))
            )
            branches.append(select(found.limit(PAGE_TICKETS + 1).subquery()))
    every = union_all(*branches).subquery()
    order = every.c.place, *_sorted(every.c.at, every.c.id, falling=falling)
    return select(every).order_by(*order).limit(PAGE_TICKETS + 1).subquery()


def _sorted(*columns: Any, falling: bool) -> tuple[Any, ...]:
    return tuple(column.desc() for column in columns) if falling else columns


def _done(reading: Reading, last: Ticket | None) -> Any:
    """What was settled today, the latest first."""
    columns = (
        Ticket.id,
        Ticket.caller_id,
        Ticket.claimed_by_id,
        Ticket.resolved_at.label("at"),
        literal(0).label("place"),
    )
    found = select(*columns).where(_settled(reading), *_within(reading))
    if last and last.resolved_at:
        found = found.where(tuple_(Ticket.resolved_at, Ticket.id) < tuple_(last.resolved_at, last.id))
    return found.order_by(Ticket.resolved_at.desc(), Ticket.id.desc()).limit(PAGE_TICKETS + 1).subquery()


def _settled(reading: Reading) -> ColumnElement[bool]:
    return and_(
        Ticket.resolved_at >= reading.today,
        Ticket.status.in_(("resolved", "closed")),
        Ticket.merged_into_id.is_(None),
    )


def _counts(reading: Reading) -> Select[Any]:
    """How many tickets each view has, up to ``MAX_COUNTED``, and the newest one of the view that is looked at."""
    staff, within, columns = reading.staff, _within(reading), []

    def counted(name: str, found: Select[Any]) -> None:
        columns.append(
            select(func.count()).select_from(found.limit(MAX_COUNTED).subquery()).scalar_subquery().label(name)
        )

    recent = Ticket.id > select(func.max(Ticket.id) - NEWEST_TICKETS).scalar_subquery()
    for key in views_for(staff):
        if key == DONE:
            counted(key, select(Ticket.id).where(_settled(reading), *within))
        elif key == HUNG_UP:
            counted(key, hung_up.query())
        else:
            for n, part in enumerate(VIEWS[key].parts(staff, reading.now)):
                counted(f"{key}.{n}", select(Ticket.id).where(part, *within))
    newest = VIEWS[reading.view].parts(staff, reading.now) if reading.view in VIEWS else ()
    for n, part in enumerate(newest or [false()]):
        columns.append(select(func.max(Ticket.id)).where(part, recent, *within).scalar_subquery().label(f"newest.{n}"))
    return select(*columns)
