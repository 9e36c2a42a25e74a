"""Days as the hotline's zone has them, and what figures of them are asked with."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam

from ivr.store.models import Staff

A_WEEK = timedelta(days=7)
MAX_DAYS = 92  # counted at once: a quarter. A year of a busy line is a million rows, and no page waits for those


@dataclass(frozen=True, slots=True)
class Period:
    """The days *first* to *last*, both included, in ``zone``: 23 or 25 hours long where clocks change."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def since(self) -> datetime:
        return begin(self.first, self.zone)

    @property
    def until(self) -> datetime:
        """When the last day is over; this moment itself is the next day's."""
        return begin(self.last + timedelta(days=1), self.zone)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @property
    def one_day(self) -> bool:
        return self.first == self.last

    def a_week_before(self) -> "Period":
        """The same days of the week, a week earlier, by the calendar."""
        return replace(self, first=self.first - A_WEEK, last=self.last - A_WEEK)

    def ending(self, days: int) -> "Period":
        """As many days as this has, or *days* of them if that is more, up to the same last one."""
        return replace(self, first=min(self.first, self.last - timedelta(days=days - 1)))


def begin(day: date, zone: ZoneInfo, hour: int = 0) -> datetime:
    """The moment at which this day's *hour* begins; 24: the next day."""
    if hour == 24:
        return begin(day + timedelta(days=1), zone)
    return datetime.combine(day, time(hour), zone)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose figures, of what was begun from ``since`` on and before ``until``, as they stand at ``now``.

    ``answer_within_s`` and ``abandoned_min_s``: HOTLINE_ANSWER_WITHIN_S and HOTLINE_ABANDONED_MIN_S.
    """

    staff: Staff
    since: Any  # datetimes, or the places of some in a question that is kept
    until: Any
    now: Any
    answer_within_s: int = 15
    abandoned_min_s: int = 5

    def moments(self) -> dict[str, Any]:
        return {"since": self.since, "until": self.until, "now": self.now}

    def timeless(self) -> "Asked":
        """The same, with places for its moments."""
        return replace(self, since=bindparam("since"), until=bindparam("until"), now=bindparam("now"))

    @property
    def whose(self) -> Hashable:
        """Questions of equal ``whose`` differ by their moments alone."""
        limits = (self.answer_within_s, self.abandoned_min_s)
        return (self.staff.id, self.staff.role, tuple(self.staff.community_codes), *limits)

    def during(self, period: Period) -> "Asked":
        return replace(self, since=period.since, until=period.until)
