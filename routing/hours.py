"""When somebody is there, and by when a call back can be promised."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

HOUR_MIN = 60
NEARLY = timedelta(minutes=10)  # a call lasts a few minutes: a promise is not told anew because of them


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
        while self.closes and (open_for := _elapsed(begins, closes := _next(self.closes, begins))) < left:
            left -= open_for
            begins = self.next_open(closes)
        return begins, left


@dataclass(frozen=True, slots=True)
class Promise:
    """When a call back is due, and the sentence that promises it.

    ``values`` in no language: a number of ``minutes`` or ``hours``; or ``day`` and ``today`` (ISO dates) and ``clock``
    (an ISO time), all in the hotline's zone.
    """

    due_at: datetime
    key: str
    values: Mapping[str, str]


def promise(minutes: int, hours: Hours, now: datetime, zone: ZoneInfo, *, urgent: bool = False) -> Promise:
    """A call back *minutes* of opening time from *now*. What is urgent does not wait for the morning."""
    local = now.astimezone(zone)
    begins, left = (Hours() if urgent else hours).stretch(local, minutes)
    due_at = begins.astimezone(UTC) + left  # a clock that is put forward in between takes nothing from it
    if _elapsed(local, begins):
        return Promise(due_at, "promise.from", _moment(begins, local))
    if minutes % HOUR_MIN:
        return Promise(due_at, "promise.minutes", {"minutes": str(minutes)})
    return Promise(due_at, "promise.hours", {"hours": str(minutes // HOUR_MIN)})


def promised(due_at: datetime, now: datetime, zone: ZoneInfo) -> Promise:
    """A promise that was made before, as it is told *now*: by when, or nothing certain once its time is over."""
    if due_at <= now:
        return Promise(due_at, "promise.soon", {})
    return Promise(due_at, "promise.by", _moment(due_at.astimezone(zone), now.astimezone(zone)))


def told(ticket: datetime | None, anew: Promise, now: datetime, zone: ZoneInfo) -> Promise:
    """What a caller hears: the promise of their ticket where that was made before, else the one made now."""
    return anew if ticket is None or ticket > anew.due_at - NEARLY else promised(ticket, now, zone)


def _moment(when: datetime, now: datetime) -> dict[str, str]:
    clock = when.time().replace(second=0, microsecond=0)
    return {"day": when.date().isoformat(), "today": now.date().isoformat(), "clock": clock.isoformat("minutes")}


def _elapsed(begins: datetime, ends: datetime) -> timedelta:
    """By a clock that is never put forward or back: two times of one zone are else subtracted as they are written."""
    return ends.astimezone(UTC) - begins.astimezone(UTC)


def _next(clock: time, moment: datetime) -> datetime:
    """When the clock next shows that time, after *moment*."""
    today = moment.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0, fold=0)
    return today if _elapsed(moment, today) > timedelta(0) else today + timedelta(days=1)
