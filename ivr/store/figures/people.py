"""Who holds how much, who settled how much, and for how long somebody has been at it without a pause."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, lazyload

from ivr.store.access import rules
from ivr.store.facts import history as entries
from ivr.store.figures import tickets
from ivr.store.figures.period import Asked
from ivr.store.models import HistoryLine, Staff, Ticket
from ivr.store.models.ticket import IS_WAITING

PAUSE = timedelta(hours=4)  # without any deed: whoever works on has not rested in less
LONGEST = timedelta(hours=12)  # at a stretch; then the page warns
LOOK_BACK = timedelta(hours=36)  # before the days, for a stretch that reaches into them


@dataclass(frozen=True, slots=True)
class Work:
    """One person's: tickets they ``held`` now and ``settled`` in these days, and the longest ``stretch`` in them."""

    staff: Staff
    held: int
    settled: int
    stretch: timedelta

    @property
    def too_long(self) -> bool:
        return self.stretch > LONGEST


def work(db: Session, asked: Asked) -> list[Work]:
    """Everybody who holds something or did something in these days, the most tired first.

    Nobody's work but one's own is seen by those who may not see everybody's (``see_work``). Who has a confidential
    ticket would be a detail of it: it counts for those who are named on it.
    """
    mine = [] if rules.may(asked.staff, "see_work") else [asked.staff.id]
    held = _by_person(db, select(Ticket).where(holding(), rules.known_to(asked.staff)), Ticket.claimed_by_id, mine)
    lines = select(HistoryLine).join(HistoryLine.ticket).where(settling(asked), rules.known_to(asked.staff))
    settled = _by_person(db, lines, HistoryLine.staff_id, mine)
    longest = _stretches(db, asked, mine)
    people = select(Staff).where(Staff.id.in_({*held, *settled, *longest})).options(lazyload(Staff.communities))
    rows = [
        Work(each, held.get(each.id, 0), settled.get(each.id, 0), longest.get(each.id, timedelta(0)))
        for each in db.scalars(people)
    ]
    return sorted(rows, key=lambda row: (-row.stretch, -row.held, row.staff.name))


def holding(staff_id: int | None = None) -> ColumnElement[bool]:
    """Tickets that are open in somebody's hands; in this person's."""
    whose = Ticket.claimed_by_id.is_not(None) if staff_id is None else Ticket.claimed_by_id == staff_id
    return IS_WAITING & tickets.alive() & whose


def settling(asked: Asked) -> ColumnElement[bool]:
    """History lines by which somebody resolved a ticket in these days."""
    within = and_(HistoryLine.at >= asked.since, HistoryLine.at < asked.until, HistoryLine.staff_id.is_not(None))
    return and_(within, HistoryLine.kind == entries.Resolved.kind, tickets.alive())


def settled_by(asked: Asked, staff_id: int) -> ColumnElement[bool]:
    """The condition on tickets that this person's ``settled`` counts."""
    return (
        select(HistoryLine.id)
        .where(HistoryLine.ticket_id == Ticket.id, HistoryLine.staff_id == staff_id, settling(asked))
        .correlate(Ticket)
        .exists()
    )


def stretches(moments: Iterable[datetime]) -> list[tuple[datetime, datetime]]:
    """First and last of each run of *moments*, given in order, that no pause interrupts."""
    runs: list[tuple[datetime, datetime]] = []
    for each in moments:
        if runs and each - runs[-1][1] < PAUSE:
            runs[-1] = (runs[-1][0], each)
        else:
            runs.append((each, each))
    return runs


def _stretches(db: Session, asked: Asked, mine: Sequence[int]) -> dict[int, timedelta]:
    """The longest stretch that reaches into these days, by person. A call's or the worker's deeds are nobody's."""
    deeds = select(HistoryLine.staff_id, HistoryLine.at).where(
        HistoryLine.at >= asked.since - LOOK_BACK, HistoryLine.at < asked.until, HistoryLine.staff_id.is_not(None)
    )
    if mine:
        deeds = deeds.where(HistoryLine.staff_id.in_(mine))
    moments: dict[int, list[datetime]] = {}
    for staff_id, at in db.execute(deeds.order_by(HistoryLine.at)):
        moments.setdefault(staff_id or 0, []).append(at)  # none is null; the type says that it could be
    runs = {each: [run for run in stretches(found) if run[1] >= asked.since] for each, found in moments.items()}
    return {each: max(last - first for first, last in found) for each, found in runs.items() if found}


def _by_person(db: Session, rows: Select[Any], whose: Any, mine: Sequence[int]) -> dict[int, int]:
    """How many different tickets, by person."""
    counted = rows.with_only_columns(whose, func.count(Ticket.id.distinct())).group_by(whose)
    return dict(db.execute(counted.where(whose.in_(mine)) if mine else counted).all())
