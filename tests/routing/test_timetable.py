"""Hours as people type them: read as they are meant, or refused with what was meant."""

from datetime import date, time

import pytest

from routing.hours import ALL_DAY, Hours
from routing.timetable import Special, Unreadable, kept, read_specials, runs, specials, stretches, written
from routing.timetable import written_specials as lines

MORNING, NIGHT = (time(8), time(12)), (time(22), time(6))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("", ()), ("08:00-12:00", (MORNING,)), ("8-12", (MORNING,)), ("８：００～１２：００", (MORNING,)),
        ("8:00 – 12:00", (MORNING,)), ("8到12，22:00至6:00", (MORNING, NIGHT)), ("22:00-06:00", (NIGHT,)),
        ("00:00-24:00", ALL_DAY), ("0-24", ALL_DAY), ("0830-1200", ((time(8, 30), time(12)),)),
    ],
)  # fmt: skip
def test_hours_are_read_however_they_are_typed(typed: str, day: tuple):
    assert day == stretches(typed)
    assert day == stretches(written(day))


@pytest.mark.parametrize("typed", ["morning", "25:00-26:00", "8-9 8:30-10", "22-6 7-8", "9-9", "8-12 x", "8", "8-"])
def test_what_is_no_timetable_is_refused(typed: str):
    with pytest.raises(Unreadable) as refused:
        stretches(typed)
    assert "stretch" == refused.value.kind


def test_days_that_differ_stand_one_a_line():
    read = specials("2026-10-01 国庆节\n\n2026/11/29 18:00-20:00 今晚，防汛\n2026年12月1日 8-12\n2026-12-02")
    assert {
        date(2026, 10, 1): Special((), "国庆节"),
        date(2026, 11, 29): Special(((time(18), time(20)),), "今晚，防汛"),
        date(2026, 12, 1): Special((MORNING,)),
        date(2026, 12, 2): Special(()),
    } == read
    assert read == specials(lines(read))


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("National Day", "date"), ("2026-02-30", "date"), ("2026-10-01\n2026-10-01 8-12", "twice"),
        ("2026-10-01 8-", "stretch"), ("2026-10-01 18:00", "stretch"), ("2026-10-01 " + "节" * 61, "long"),
    ],
)  # fmt: skip
def test_a_line_that_is_no_day_is_named(typed: str, kind: str):
    """Hours that are half typed are no reason to be closed."""
    with pytest.raises(Unreadable) as refused:
        specials(typed)
    assert kind == refused.value.kind


def test_what_was_read_is_kept_as_the_hours_read_it():
    week = [(MORNING,)] * 5 + [(), (NIGHT,)]
    days = {date(2026, 10, 1): Special((), "国庆节"), date(2026, 11, 29): Special((MORNING,))}
    hours = kept(week, days)
    assert tuple(week) == Hours.of(hours).week
    assert days == read_specials(hours)
    assert [(0, 4, (MORNING,)), (5, 5, ()), (6, 6, (NIGHT,))] == list(runs(week))
