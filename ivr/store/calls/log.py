"""The call log: every call, even one of two seconds, newest first, with the path it took."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session, contains_eager, defer, joinedload, selectinload

from ivr.store.access import rules
from ivr.store.figures.clock import ms_between
from ivr.store.models import Call, CommunityRow, Staff, Ticket, Turn

PAGE_CALLS = 50
NOWHERE = "-"
GOING_ON = "going_on"  # the outcome of a call that has none yet


@dataclass(frozen=True, slots=True)
class Filter:
    """Which calls: each field narrows the log, None does not. ``since`` is included, ``until`` is not.

    ``figure``: the condition of one, see ``ivr.store.figures``. ``left_at``: the question; ``NOWHERE``: before any.
    ``communities``: any of these codes.
    """

    since: datetime | None = None
    until: datetime | None = None
    outcome: str | None = None
    need: str | None = None
    community: str | None = None
    communities: tuple[str, ...] | None = None
    language: str | None = None
    test: bool | None = None
    left_at: str | None = None
    figure: ColumnElement[bool] | None = None


# What the log can be sorted by; a call that goes on has no length yet.
ORDERS: dict[str, Any] = {
    "time": Call.started_at,
    "length": func.coalesce(ms_between(Call.started_at, Call.ended_at), -1),
}


def page(
    db: Session,
    staff: Staff,
    wanted: Filter,
    after: int | None = None,
    limit: int = PAGE_CALLS,
    *,
    order: str = "time",
    falling: bool = True,
) -> tuple[Sequence[Call], int | None]:
    """A page of the calls this person may see, and the id to continue *after*; None on the last page.

    The number of queries does not depend on the number of calls.
    """
    column = ORDERS[order]
    query = rules.visible_calls(staff).where(*narrowed(wanted))
    query = query.order_by(*((column.desc(), Call.id.desc()) if falling else (column, Call.id)))
    if after is not None:
        last = select(column.label("at")).where(Call.id == after).subquery()
        here, there = tuple_(column, Call.id), tuple_(select(last.c.at).scalar_subquery(), after)
        query = query.where(here < there if falling else here > there)
    query = query.limit(limit + 1).options(
        joinedload(Call.caller),
        contains_eager(Call.ticket).joinedload(Ticket.community).lazyload(CommunityRow.aliases),
        selectinload(Call.turns).options(defer(Turn.reply)),
        selectinload(Call.recordings),
    )
    calls = db.scalars(query).all()
    return calls[:limit], calls[limit - 1].id if len(calls) > limit else None


def counts(db: Session, staff: Staff, wanted: Filter) -> dict[str, int]:
    """How many calls ended how, most first, of the calls that this person may count."""
    calls = rules.visible_calls(staff, "see_figures")
    number = func.count()
    query = calls.where(*narrowed(wanted)).with_only_columns(Call.outcome, number).group_by(Call.outcome)
    return {outcome or GOING_ON: found for outcome, found in db.execute(query.order_by(number.desc(), Call.outcome))}


CONDITIONS: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "since": lambda moment: Call.started_at >= moment,
    "until": lambda moment: Call.started_at < moment,
    "outcome": lambda outcome: Call.outcome.is_(None) if outcome == GOING_ON else Call.outcome == outcome,
    "need": lambda need: Ticket.need == need,
    "community": lambda code: Ticket.community_code == code,
    "communities": lambda codes: Ticket.community_code.in_(codes),
    "language": lambda language: Call.language == language,
    "test": lambda test: Call.test.is_(test),
    "left_at": lambda step: Call.left_at.is_(None) if step == NOWHERE else Call.left_at == step,
    "figure": lambda condition: condition,
}


def narrowed(
    wanted: Filter, conditions: Mapping[str, Callable[[Any], ColumnElement[bool]]] = CONDITIONS
) -> list[ColumnElement[bool]]:
    """What *wanted* asks of calls joined with their tickets; or, with other *conditions*, of other rows."""
    given = ((getattr(wanted, field), condition) for field, condition in conditions.items())
    return [condition(value) for value, condition in given if value is not None]
