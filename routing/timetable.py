"""Hours as people type them, ``8:00-12:00 13:00-18:00``, and the days that differ, one a line."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from routing.hours import ALL_DAY, DAYS, Day, Hours, Stretch

SPECIAL_DAYS = 400  # as many as fit into the settings of a line, and more than anybody types
NAME_CHARS = 60

DASHES, SPACES = "－–—～~至到", "，、；;,"
MARKS = str.maketrans("０１２３４５６７８９：" + DASHES + SPACES, "0123456789:" + "-" * len(DASHES) + " " * len(SPACES))
CLOCK = r"(\d{1,2}):?(\d{2})?"
STRETCH = re.compile(rf"\s*{CLOCK}\s*-\s*{CLOCK}(?=\s|$)")
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?= |$)")
MIDNIGHT = time(0)


class Unreadable(ValueError):
    """What was typed is no timetable. ``kind``: stretch, twice, date, many or long; ``text``: what was meant."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(f"{kind}: {text}")
        self.kind, self.text = kind, text


@dataclass(frozen=True, slots=True)
class Special:
    """A day that differs from its week, and why: a holiday's name, or nothing."""

    open: Day
    name: str = ""


def stretches(typed: str) -> Day:
    """The stretches of one day; 24:00 is its end. Raises ``Unreadable``."""
    plain = typed.translate(MARKS)
    found, end = _stretches(plain)
    if rest := plain[end:].strip():
        raise Unreadable("stretch", rest)
    return found


def specials(typed: str) -> dict[date, Special]:
    """Lines like ``2026-10-01 国庆节`` (closed) and ``2026-11-29 18:00-20:00 tonight``. Raises ``Unreadable``."""
    days: dict[date, Special] = {}
    for line in filter(None, map(str.strip, typed.splitlines())):
        day, special = _special(line)
        if day in days:
            raise Unreadable("twice", line)
        days[day] = special
    if len(days) > SPECIAL_DAYS:
        raise Unreadable("many", str(len(days)))
    return days


def written(day: Day) -> str:
    """The same day as it would be typed."""
    return " ".join(f"{opens:%H:%M}-{'24:00' if closes == MIDNIGHT else f'{closes:%H:%M}'}" for opens, closes in day)


def written_specials(days: Mapping[date, Special]) -> str:
    lines = (" ".join(filter(None, (day.isoformat(), written(days[day].open), days[day].name))) for day in sorted(days))
    return "\n".join(lines)


def kept(week: Iterable[Day], days: Mapping[date, Special]) -> dict[str, object]:
    """As ``Hours.of`` reads it."""
    return {
        "week": [_kept(day) for day in week],
        "days": {
            day.isoformat(): {"open": _kept(special.open)} | ({"name": special.name} if special.name else {})
            for day, special in sorted(days.items())
        },
    }


def every_day(typed: str) -> dict[str, object]:
    """Stretches that hold every day, as ``Hours.of`` reads them; none: day and night. Raises ``Unreadable``."""
    day = stretches(typed) or ALL_DAY
    return kept(DAYS * [day], {}) if day != ALL_DAY else {}


def of_a_day(kept: Mapping[str, Any]) -> str:
    """The same as they would be typed; day and night: nothing."""
    week = Hours.of(kept).week
    return written(week[0]) if week else ""


def _kept(day: Day) -> list[list[str]]:
    return [[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in day]


def _special(line: str) -> tuple[date, Special]:
    found = DATE.match(line.translate(MARKS))
    if not found:
        raise Unreadable("date", line)
    try:
        day = date(*map(int, found.groups()))
    except ValueError:
        raise Unreadable("date", line) from None
    rest = line[found.end() :]
    open_on, end = _stretches(rest.translate(MARKS))
    name = rest[end:].strip(SPACES + " ")
    if name[:1].isdecimal():  # hours that are half typed are no reason to be closed
        raise Unreadable("stretch", line)
    if len(name) > NAME_CHARS or not name.isprintable():
        raise Unreadable("long", line)
    return day, Special(open_on, name)


def _stretches(plain: str) -> tuple[Day, int]:
    """The stretches that the text begins with, in order, and where they end. Raises ``Unreadable``."""
    found: list[Stretch] = []
    end = 0
    while match := STRETCH.match(plain, end):
        found.append(_stretch(match))
        end = match.end()
    _check(found)
    return tuple(found), end


def _stretch(match: re.Match[str]) -> Stretch:
    hours, minutes, until, until_min = (int(part or 0) for part in match.groups())
    try:
        return time(hours, minutes), MIDNIGHT if (until, until_min) == (24, 0) else time(until, until_min)
    except ValueError:
        raise Unreadable("stretch", match[0].strip()) from None


def _check(found: list[Stretch]) -> None:
    """In order, none into the next, and only the last beyond midnight. Raises ``Unreadable``."""
    for at, (opens, closes) in enumerate(found):
        last = at == len(found) - 1
        if opens == closes != MIDNIGHT or (not last and (closes <= opens or found[at + 1][0] < closes)):
            raise Unreadable("stretch", written(tuple(found)))


def runs(week: Sequence[Day]) -> Iterator[tuple[int, int, Day]]:
    """Days of a week that are alike and follow one another: the first, the last, and their stretches."""
    first = 0
    for number, day in enumerate(week):
        if number + 1 == len(week) or week[number + 1] != day:
            yield first, number, day
            first = number + 1


def read_specials(kept: Mapping[str, Any]) -> dict[date, Special]:
    """The days that differ, of hours as they are kept."""
    days = Hours.of(kept).days
    return {day: Special(open_on, kept["days"][day.isoformat()].get("name", "")) for day, open_on in days.items()}
