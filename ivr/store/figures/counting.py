"""How many, how long, of what: the figures of some days, each from the rows that its list shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.figures import calls, clock, tickets
from ivr.store.figures.period import Asked, Period
from ivr.store.figures.quality import QUALITY
from ivr.store.figures.questions import Question, ask
from ivr.store.models import Call, Ticket

MINUTE_MS = 60_000
BROKEN, OVERDUE = "broken", "overdue"


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took: at most ``median_min`` for half of ``count`` tickets, ``ninety_min`` for nine in ten.

    Both are times that occurred (nearest rank), in minutes; None of no tickets.
    """

    count: int = 0
    median_min: float | None = None
    ninety_min: float | None = None

    @classmethod
    def of(cls, times_ms: Sequence[int]) -> "Spread":
        if not times_ms:
            return cls()
        ranked = sorted(times_ms)
        median, ninety = (ranked[-(-len(ranked) * share // 100) - 1] / MINUTE_MS for share in (50, 90))
        return cls(len(ranked), median, ninety)


@dataclass(frozen=True, slots=True)
class Share:
    """A line of a table by need or community: ``key`` None where nobody knows it."""

    key: str | None
    counts: Mapping[str, int]


class _ByTime:
    """A ticket's columns as no index has them: a few days are few rows, and found by their time alone. A community's
    index holds the rows of years, and both databases would rather take that one.
    """

    community_code = func.coalesce(Ticket.community_code, "")
    claimed_by_id = func.coalesce(Ticket.claimed_by_id, 0)
    nowhere = Ticket.community_code.is_(None) & Ticket.urgent


def _theirs(asked: Asked) -> ColumnElement[bool]:
    return rules.granted(asked.staff, "see_figures", _ByTime)


def some_calls(asked: Asked) -> Select[Call]:
    """The calls of these days that this reader may count."""
    return select(Call).outerjoin(Call.ticket).where(_theirs(asked), calls.counted(asked))


def some_ended_calls(asked: Asked) -> Select[Call]:
    return some_calls(asked).where(Call.ended_at.is_not(None))


def some_tickets(asked: Asked) -> Select[Ticket]:
    """The tickets of these days that this reader may count."""
    return select(Ticket).where(_theirs(asked), tickets.counted(asked))


def standing_tickets(asked: Asked) -> Select[Ticket]:
    """Those that may be counted, whenever they were opened."""
    return select(Ticket).where(rules.granted(asked.staff, "see_figures"), tickets.alive())


def of_calls(db: Session, asked: Asked) -> dict[str, int]:
    """Every figure of calls, by name."""
    return _counted(db, asked, "calls", some_calls, calls.CALLS)


def of_understanding(db: Session, asked: Asked) -> dict[str, int]:
    """How well communities were understood, by name."""
    return _counted(db, asked, "understood", some_ended_calls, calls.UNDERSTOOD)


def of_tickets(db: Session, asked: Asked) -> dict[str, int]:
    """Every figure of tickets that were opened in these days, by name."""
    return _counted(db, asked, "tickets", some_tickets, tickets.TICKETS)


def of_quality(db: Session, asked: Asked) -> dict[str, int]:
    """What in these days' tickets is missing or cannot be right, by name."""
    return _counted(db, asked, "quality", some_tickets, QUALITY)


def standing(db: Session, asked: Asked) -> dict[str, int]:
    """What stands now, by name: each from its own index of the few that are open."""

    def build(asked: Asked) -> Question:
        whole = standing_tickets(asked)
        return select(
            *(
                whole.where(condition(asked)).with_only_columns(func.count()).scalar_subquery().label(name)
                for name, condition in tickets.STANDING.items()
            )
        )

    return dict(ask(db, asked, "standing", build).one()._asdict())


def times(db: Session, asked: Asked) -> dict[str, Spread]:
    """How long what took, of the tickets that came to it."""

    def build(asked: Asked) -> Question:
        return some_tickets(asked).with_only_columns(*(time().label(name) for name, time in tickets.TIMES.items()))

    rows = ask(db, asked, "times", build).all()
    return {
        name: Spread.of([each for row in rows if (each := row[n]) is not None]) for n, name in enumerate(tickets.TIMES)
    }


def by_question(db: Session, asked: Asked) -> list[tuple[str | None, int]]:
    """At which question how many abandoned calls ended, most first; None: before the first."""

    def build(asked: Asked) -> Question:
        left = some_calls(asked).where(calls.CALLS["abandoned"](asked))
        return left.with_only_columns(Call.left_at, func.count()).group_by(Call.left_at)

    rows = ask(db, asked, "left_at", build)
    return sorted(((step, n) for step, n in rows), key=lambda each: (-each[1], each[0] or ""))


def by_need(db: Session, asked: Asked) -> list[Share]:
    return _shares(db, asked, Ticket.need)


def by_community(db: Session, asked: Asked) -> list[Share]:
    return _shares(db, asked, Ticket.community_code)


def by_hour(db: Session, asked: Asked, zone: ZoneInfo) -> dict[int, int]:
    """Hour of the wall's clock -> calls, of all the days together."""
    found = dict.fromkeys(range(24), 0)
    for (_, hour), number in _moments(db, asked, zone):
        found[hour] += number
    return found


def by_day(db: Session, asked: Asked, period: Period) -> dict[date, int]:
    """Day -> calls, of the days of *period*."""
    found = dict.fromkeys(period.days, 0)
    for (day, _), number in _moments(db, asked.during(period), period.zone):
        found[day] += number
    return found


def _moments(db: Session, asked: Asked, zone: ZoneInfo) -> list[tuple[tuple[date, int], int]]:
    """Day and hour of each quarter of an hour in which somebody called, and how many did."""

    def build(asked: Asked) -> Question:
        quarter = clock.quarter(Call.started_at)
        return some_calls(asked).with_only_columns(quarter, func.count()).group_by(quarter)

    rows = ask(db, asked, "moments", build)
    return [(clock.day_and_hour(each, zone), number) for each, number in rows]


def _shares(db: Session, asked: Asked, key: Any) -> list[Share]:
    """Tickets and broken promises of these days, and what is overdue by now, by *key*; most tickets first."""
    counts: dict[str | None, dict[str, int]] = {}

    def opened(asked: Asked) -> Question:
        broken = func.count().filter(tickets.broken(asked))
        return some_tickets(asked).with_only_columns(key, func.count(), broken).group_by(key)

    def overdue(asked: Asked) -> Question:
        late = standing_tickets(asked).where(tickets.STANDING[OVERDUE](asked))
        return late.with_only_columns(key, func.count()).group_by(key)

    for each, number, broken in ask(db, asked, f"opened by {key}", opened):
        counts[each] = {"tickets": number, BROKEN: broken, OVERDUE: 0}
    for each, late in ask(db, asked, f"overdue by {key}", overdue):
        counts.setdefault(each, {"tickets": 0, BROKEN: 0, OVERDUE: 0})[OVERDUE] = late
    shares = [Share(each, found) for each, found in counts.items()]
    return sorted(shares, key=lambda share: (-share.counts["tickets"], -share.counts[OVERDUE], share.key or ""))


def _counted(
    db: Session,
    asked: Asked,
    name: str,
    rows: Callable[[Asked], Question],
    figures: Mapping[str, Callable[[Asked], ColumnElement[bool]]],
) -> dict[str, int]:
    def build(asked: Asked) -> Question:
        columns = (func.count().filter(condition(asked)).label(each) for each, condition in figures.items())
        return rows(asked).with_only_columns(*columns)

    return dict(ask(db, asked, name, build).one()._asdict())
