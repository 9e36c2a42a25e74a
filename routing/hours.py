"""When somebody is there, and by when a call back can be promised."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
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
        return cls(time.fromisoformat(kept["from"]), time.fromisoformat(kept["to"]))

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
        today = moment.replace(hour=self.opens.hour, minute=self.opens.minute, second=0, microsecond=0)
        return today if today > moment else today + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Promise:
    """When a call back is due, and the sentence that promises it."""

    due_at: datetime
    key: str
    values: Mapping[str, str]


def promise(minutes: int, hours: Hours, now: datetime, zone: ZoneInfo, *, urgent: bool = False) -> Promise:
    """A call back *minutes* of opening time from *now*. What is urgent does not wait for the morning."""
    local = now.astimezone(zone)
    begins = local if urgent else hours.next_open(local)
    due_at = begins + timedelta(minutes=minutes)
    if begins > local:
        key = "promise.today" if begins.date() == local.date() else "promise.tomorrow"
        return Promise(due_at, key, {"hour": str(begins.hour)})
    if minutes < SOON.total_seconds() / 60:
        return Promise(due_at, "promise.minutes", {"minutes": str(minutes)})
    return Promise(due_at, "promise.hours", {"hours": str(round(minutes / 60))})
