"""When somebody is there, and by when a call back can be promised."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

SOON = timedelta(hours=1)  # below this a promise is spoken in minutes


@dataclass(frozen=True, slots=True)
class Hours:
    """Daily hours in the hotline's zone. ``opens`` None: always. An evening to a morning (22:00-06:00) is fine."""

    opens: time | None = None
    closes: time | None = None

    @classmethod
    def of(cls, kept: Mapping[str, str]) -> Self:
        """From ``{"from": "08:00", "to": "20:00"}``; empty means always. Raises ``ValueError`` for other texts."""
        if not kept:
            return cls()
        opens, closes = time.fromisoformat(kept["from"]), time.fromisoformat(kept["to"])
        return cls() if opens == closes else cls(opens, closes)

    def is_open(self, moment: datetime) -> bool:
        """``moment`` in the hotline's zone."""
        if self.opens is None or self.closes is None:
            return True
        clock = moment.time()
        if self.opens <= self.closes:
            return self.opens <= clock < self.closes
        return clock >= self.opens or clock < self.closes

    def next_open(self, moment: datetime) -> datetime:
        """*moment* itself when open then, else the next opening."""
        if self.opens is None or self.is_open(moment):
            return moment
        return _next(self.opens, moment)

    def stretch(self, moment: datetime, minutes: int) -> tuple[datetime, timedelta]:
        """When the stretch of opening time begins in which *minutes* from *moment* are over, and how far into it."""
        begins, left = self.next_open(moment), timedelta(minutes=minutes)
        while self.closes and (closes := _next(self.closes, begins)) - begins < left:
            left -= closes - begins
            begins = self.next_open(closes)
        return begins, left


@dataclass(frozen=True, slots=True)
class Promise:
    """When a call back is due, and the sentence that promises it."""

    due_at: datetime
    key: str
    values: Mapping[str, str]


def promise(minutes: int, hours: Hours, now: datetime, zone: ZoneInfo, *, urgent: bool = False) -> Promise:
    """A call back *minutes* of opening time from *now*. What is urgent does not wait for the morning."""
    local = now.astimezone(zone)
    begins, left = (Hours() if urgent else hours).stretch(local, minutes)
    due_at = begins.astimezone(UTC) + left  # a clock that is put forward in between takes nothing from it
    if begins > local:
        key = "promise.today" if begins.date() == local.date() else "promise.tomorrow"
        return Promise(due_at, key, {"hour": str(begins.hour)})
    if minutes < SOON.total_seconds() / 60:
        return Promise(due_at, "promise.minutes", {"minutes": str(minutes)})
    return Promise(due_at, "promise.hours", {"hours": str(round(minutes / 60))})


def _next(clock: time, moment: datetime) -> datetime:
    """When the clock next shows that time, after *moment*."""
    today = moment.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    return today if today > moment else today + timedelta(days=1)
