"""A rotation: the same hours on the same weekdays, people taking turns. And what is decided beside it, by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from routing.roster.shift import EVERYTHING, Scope, Shift, Span

EVERY_DAY = frozenset(range(7))
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rotation:
    """*people* take turns, each for ``turn_days`` days (1: day by day, 7: week by week), beginning on the day *first*.

    ``opens`` and ``closes`` are clocks in *zone*; when it closes no later than it opens, it closes the next day: the
    same clock twice is a whole day. ``weekdays``: Monday is 0. ``last``: the last day on which it opens; None: none.
    """

    id: int
    people: tuple[int, ...]
    opens: time
    closes: time
    first: date
    zone: ZoneInfo
    last: date | None = None
    weekdays: frozenset[int] = EVERY_DAY
    turn_days: int = 1
    scope: Scope = EVERYTHING

    def shifts(self, within: Span) -> Iterator[Shift]:
        """Every shift of it that touches *within*, whole, in order."""
        day = max(within.starts.astimezone(self.zone).date() - DAY, self.first)
        until = within.ends.astimezone(self.zone).date()
        while self.people and day <= min(until, self.last or until):
            if day.weekday() in self.weekdays and (span := self._on(day)).common(within):
                turn = (day - self.first).days // self.turn_days
                yield Shift(self.people[turn % len(self.people)], span, self.scope, self.id)
            day += DAY

    def _on(self, day: date) -> Span:
        """By the clock on the wall: the night in which clocks are put back is an hour longer."""
        closes_on = day if self.opens < self.closes else day + DAY
        return Span(self._moment(day, self.opens), self._moment(closes_on, self.closes))

    def _moment(self, day: date, clock: time) -> datetime:
        """A clock that is passed over when summer time begins is the same moment by the old time."""
        return datetime.combine(day, clock, self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Change:
    """Decided by hand: *person* is on during *span*, or is not. What is decided later counts."""

    person: int
    span: Span
    on: bool
    scope: Scope = EVERYTHING
