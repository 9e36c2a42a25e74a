"""When somebody is there, and by when a call back can be promised."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

DAYS = 7  # of a week
HOUR_MIN = 60
NEARLY = timedelta(minutes=10)  # a call lasts a few minutes: a promise is not told anew because of them


Stretch = tuple[time, time]  # opens, closes; one that closes no later than it opens goes on until the next day
Day = tuple[Stretch, ...]  # in the order in which they begin; none: closed

ALL_DAY: Day = ((time(0), time(0)),)
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody is there, in the hotline's zone. ``week``: its seven days, Monday first; None: day and night.

    ``days`` are those that differ: holidays, tonight. A stretch from an evening to a morning belongs to the evening's
    day, and goes on into a holiday.
    """

    week: tuple[Day, ...] | None = None
    days: Mapping[date, Day] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.week is not None and (len(self.week) != DAYS or not any(self.week)):
            raise ValueError("a week has seven days, and somebody is there on one of them")

    @classmethod
    def daily(cls, opens: time, closes: time) -> Self:
        """The same every day; twice the same time is day and night."""
        return cls() if opens == closes else cls(DAYS * (((opens, closes),),))

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """From ``{"from": "08:00", "to": "20:00"}``, or ``{"week": […], "days": {"2026-10-01": {"open": []}}}`` with
        stretches like ``["08:00", "12:00"]``; empty means always. Raises ``ValueError`` for other texts.
        """
        week = tuple(_day(day) for day in kept["week"]) if "week" in kept else None
        days = {date.fromisoformat(day): _day(given["open"]) for day, given in kept.get("days", {}).items()}
        if "from" in kept:
            week = cls.daily(time.fromisoformat(kept["from"]), time.fromisoformat(kept["to"])).week
        return cls(week, days)

    def on(self, day: date) -> Day:
        """The stretches that begin on that day."""
        return self.days.get(day, self.week[day.weekday()] if self.week else ALL_DAY)

    def is_open(self, moment: datetime) -> bool:
        """``moment`` in the hotline's zone."""
        return self.next_open(moment) == moment

    def next_open(self, moment: datetime) -> datetime:
        """*moment* itself when open then, else the next opening."""
        return next(self.pieces(moment))[0]

    def stretch(self, moment: datetime, minutes: int) -> tuple[datetime, timedelta]:
        """When the stretch of opening time begins in which *minutes* from *moment* are over, and how far into it."""
        left, begins, within, until = timedelta(minutes=minutes), moment, timedelta(0), None
        for opens, closes in self.pieces(moment):
            if opens != until:
                begins, within = opens, timedelta(0)
            if (open_for := _elapsed(opens, closes)) >= left:
                break
            left, within, until = left - open_for, within + open_for, closes
        return begins, within + left

    def pieces(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """When it is open from *moment* on, piece by piece without end; a piece may begin where the last one ended."""
        if self.week is None and not self.days:
            yield moment, datetime.max.replace(tzinfo=UTC)
            return
        zone, day, now = moment.tzinfo, moment.date() - A_DAY, moment
        while True:
            for opens, closes in self.on(day):
                begins = datetime.combine(day, opens, zone)
                ends = datetime.combine(day if opens < closes else day + A_DAY, closes, zone)
                if _elapsed(now, begins) > timedelta(0):
                    now = begins
                if _elapsed(now, ends) > timedelta(0):
                    yield now, ends
                    now = ends
            day += A_DAY


def _day(kept: Iterable[Sequence[str]]) -> Day:
    """Raises ``ValueError``."""
    return tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in kept)


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


def without_time(made: Promise) -> Promise:
    """The same, when nobody says that they keep it: the caller is told no time."""
    return Promise(made.due_at, "promise.soon", {})


def somebody_there(until: datetime, hours: Hours, zone: ZoneInfo) -> bool:
    """Whether it is open just before that moment."""
    return hours.is_open((until - timedelta.resolution).astimezone(zone))


def told(ticket: datetime | None, anew: Promise, now: datetime, zone: ZoneInfo) -> Promise:
    """What a caller hears: the promise of their ticket where that was made before, else the one made now."""
    return anew if ticket is None or ticket > anew.due_at - NEARLY else promised(ticket, now, zone)


def _moment(when: datetime, now: datetime) -> dict[str, str]:
    clock = when.time().replace(second=0, microsecond=0)
    return {"day": when.date().isoformat(), "today": now.date().isoformat(), "clock": clock.isoformat("minutes")}


def _elapsed(begins: datetime, ends: datetime) -> timedelta:
    """By a clock that is never put forward or back: two times of one zone are else subtracted as they are written."""
    return ends.astimezone(UTC) - begins.astimezone(UTC)
