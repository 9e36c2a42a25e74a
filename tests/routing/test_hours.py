"""A promise that can be kept: in opening time, and told as it will be."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.hours import ALL_DAY, Day, Hours, Promise, promise, told

NINGBO = ZoneInfo("Asia/Shanghai")
DAY = Hours.daily(time(8), time(20))
NIGHT = Hours.daily(time(22), time(6))


def at(clock: str, day: int = 2) -> datetime:
    """That time of a day in March 2026, in Ningbo."""
    return datetime.combine(datetime(2026, 3, day), time.fromisoformat(clock), NINGBO)


def promised(minutes: int, now: datetime, hours: Hours = DAY, *, urgent: bool = False) -> Promise:
    return promise(minutes, hours, now.astimezone(UTC), NINGBO, urgent=urgent)


@pytest.mark.parametrize(
    ("hours", "clock", "is_open"),
    [
        (DAY, "08:00", True), (DAY, "19:59", True), (DAY, "20:00", False), (DAY, "07:59", False),
        (NIGHT, "22:00", True), (NIGHT, "03:00", True), (NIGHT, "06:00", False), (NIGHT, "12:00", False),
        (Hours(), "03:00", True),
    ],
)  # fmt: skip
def test_open_from_the_first_minute_to_the_last(hours: Hours, clock: str, is_open: bool):
    assert is_open == hours.is_open(at(clock))


@pytest.mark.parametrize(
    ("hours", "now", "opens"),
    [
        (DAY, at("12:00"), at("12:00")), (DAY, at("07:00"), at("08:00")), (DAY, at("20:00"), at("08:00", 3)),
        (NIGHT, at("06:00"), at("22:00")), (Hours(), at("03:00"), at("03:00")),
    ],
)  # fmt: skip
def test_the_next_opening(hours: Hours, now: datetime, opens: datetime):
    assert opens == hours.next_open(now)


def test_hours_are_kept_as_two_clock_times():
    """Nothing, or twice the same time, is around the clock."""
    assert DAY == Hours.of({"from": "08:00", "to": "20:00"})
    assert Hours() == Hours.of({}) == Hours.of({"from": "08:00", "to": "08:00"})


@pytest.mark.parametrize("bad", ["8", "25:00", "morning", ""])
def test_another_text_is_no_time(bad: str):
    with pytest.raises(ValueError, match=r"isoformat|hour"):
        Hours.of({"from": bad, "to": "20:00"})


def moment(day: int, clock: str, today: int = 2) -> dict[str, str]:
    """A time of March 2026 as a promise tells it on another day."""
    return {"day": f"2026-03-{day:02}", "today": f"2026-03-{today:02}", "clock": clock}


@pytest.mark.parametrize(
    ("minutes", "now", "key", "values", "due_at"),
    [
        (120, at("12:00"), "promise.hours", {"hours": "2"}, at("14:00")),
        (60, at("12:00"), "promise.hours", {"hours": "1"}, at("13:00")),
        (90, at("12:00"), "promise.minutes", {"minutes": "90"}, at("13:30")),
        (15, at("12:00"), "promise.minutes", {"minutes": "15"}, at("12:15")),
        (120, at("06:00"), "promise.from", moment(2, "08:00"), at("10:00")),
        (120, at("23:00"), "promise.from", moment(3, "08:00"), at("10:00", 3)),
        (120, at("18:00"), "promise.hours", {"hours": "2"}, at("20:00")),
    ],
)
def test_a_promise_counts_opening_time(minutes: int, now: datetime, key: str, values: dict[str, str], due_at: datetime):
    """At night it says when the morning begins."""
    assert Promise(due_at, key, values) == promised(minutes, now)


@pytest.mark.parametrize(
    ("hours", "minutes", "now", "values", "due_at"),
    [
        # an hour a day: of four hours the last is that of the third day after
        (Hours.daily(time(8), time(9)), 240, at("08:00"), moment(5, "08:00"), at("09:00", 5)),
        (Hours.daily(time(8), time(9)), 120, at("08:00"), moment(3, "08:00"), at("09:00", 3)),
        (Hours.daily(time(8), time(9)), 120, at("09:30"), moment(4, "08:00"), at("09:00", 4)),
        (Hours.daily(time(13), time(17)), 120, at("18:00"), moment(3, "13:00"), at("15:00", 3)),
        (Hours.daily(time(8, 30), time(17)), 60, at("23:59"), moment(3, "08:30"), at("09:30", 3)),
        (Hours.daily(time(8, 30), time(17)), 60, at("00:10"), moment(2, "08:30"), at("09:30")),
        (NIGHT, 120, at("12:00"), moment(2, "22:00"), at("00:00", 3)),
    ],
)
def test_a_promise_says_the_day_and_the_minute_it_means(
    hours: Hours, minutes: int, now: datetime, values: dict[str, str], due_at: datetime
):
    """C21: not "tomorrow" for the day after, not eight for half past."""
    assert Promise(due_at, "promise.from", values) == promised(minutes, now, hours)


@pytest.mark.parametrize(
    ("night", "hours_open"), [(datetime(2026, 3, 28), 7), (datetime(2026, 10, 24), 9), (datetime(2026, 11, 7), 8)]
)
def test_a_night_shift_is_as_long_as_the_clock_makes_it(night: datetime, hours_open: int):
    """C21: from ten to six is an hour shorter when the clock is put forward, an hour longer when it is put back."""
    berlin = ZoneInfo("Europe/Berlin")
    begins = night.replace(hour=22, tzinfo=berlin)
    fits = promise(hours_open * 60, NIGHT, begins.astimezone(UTC), berlin)
    assert "promise.hours" == fits.key
    assert begins.astimezone(UTC) + timedelta(hours=hours_open) == fits.due_at
    next_day = promise(hours_open * 60 + 1, NIGHT, begins.astimezone(UTC), berlin)
    assert ("promise.from", "22:00") == (next_day.key, next_day.values["clock"])


@pytest.mark.parametrize(
    ("due_at", "key", "values"),
    [
        (at("13:05"), "promise.by", moment(2, "13:05")),
        (at("12:00"), "promise.soon", {}),
        (at("11:00"), "promise.soon", {}),
    ],
)
def test_a_promise_that_was_made_before_is_told_as_it_was_made(due_at: datetime, key: str, values: dict[str, str]):
    """C15: the ticket's own time; nothing certain once that is over."""
    now = at("12:00").astimezone(UTC)
    told_now = told(due_at.astimezone(UTC), promised(120, at("12:00")), now, NINGBO)
    assert (key, values) == (told_now.key, told_now.values)


def test_a_few_minutes_of_a_call_change_no_promise():
    """The ticket was opened when the call began: it is "within two hours" all the same."""
    anew = promised(120, at("12:00"))
    for due_at in (None, at("13:52").astimezone(UTC), at("16:00").astimezone(UTC)):
        assert anew == told(due_at, anew, at("12:00").astimezone(UTC), NINGBO)


def test_what_is_left_at_closing_time_is_the_mornings():
    """Nobody promises 'within two hours' half an hour before everybody goes home."""
    assert Promise(at("09:30", 3), "promise.from", moment(3, "08:00")) == promised(120, at("19:30"))


def test_a_short_day_may_not_be_enough():
    """An hour a day: four hours are the fourth day's."""
    assert at("09:00", 5) == promised(240, at("08:00"), Hours.daily(time(8), time(9))).due_at


def test_what_is_urgent_does_not_wait_for_the_morning():
    assert Promise(at("03:15"), "promise.minutes", {"minutes": "15"}) == promised(15, at("03:00"), urgent=True)


def test_two_hours_are_two_hours_when_the_clock_is_put_forward():
    """Half past one at night, in a country that has summer time."""
    berlin = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 3, 29, 1, 30, tzinfo=berlin).astimezone(UTC)
    assert now + timedelta(hours=2) == promise(120, Hours(), now, berlin).due_at


CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


@given(
    opens=CLOCKS,
    closes=CLOCKS,
    now=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
    minutes=st.integers(1, 600),
)
def test_every_promise_lies_ahead_and_in_opening_time(opens: time, closes: time, now: datetime, minutes: int):
    """Never sooner than asked for, whatever the hours."""
    hours = Hours.of({"from": opens.isoformat(), "to": closes.isoformat()})
    given_now = now.replace(tzinfo=UTC)
    made = promise(minutes, hours, given_now, NINGBO)
    assert made.due_at >= given_now + timedelta(minutes=minutes)
    assert hours.is_open((made.due_at - timedelta(microseconds=1)).astimezone(NINGBO))
    assert hours.is_open((made.due_at - timedelta(seconds=30)).astimezone(NINGBO))


MORNING, AFTERNOON, EVENING = (time(8), time(12)), (time(13), time(18)), (time(22), time(6))
WORKING_WEEK = (5 * ((MORNING, AFTERNOON),)) + ((MORNING,), ())


@pytest.mark.parametrize(
    ("days", "now", "minutes", "begins", "due_at"),
    [
        # over the lunch break, over the week's end (6 March 2026 is a Friday), over a Sunday that is closed
        ({}, at("11:30"), 120, at("13:00"), at("14:30")),
        ({}, at("17:30", 6), 120, at("08:00", 7), at("09:30", 7)),
        ({}, at("11:30", 7), 120, at("08:00", 9), at("09:30", 9)),
        # a holiday on a weekday is as closed as a Sunday; tonight somebody stays; today everybody leaves at ten
        ({date(2026, 3, 3): ()}, at("17:30"), 120, at("08:00", 4), at("09:30", 4)),
        ({date(2026, 3, 2): (MORNING, (time(13), time(23)))}, at("20:00"), 120, at("20:00"), at("22:00")),
        ({date(2026, 3, 2): ((time(8), time(10)),)}, at("10:00"), 60, at("08:00", 3), at("09:00", 3)),
        # a night belongs to the day that it begins on, and goes on into a holiday; the next night is none
        ({date(2026, 3, 2): (EVENING,), date(2026, 3, 3): ()}, at("23:00"), 240, at("23:00"), at("03:00", 3)),
        ({date(2026, 3, 2): (EVENING,), date(2026, 3, 3): ()}, at("05:00", 3), 120, at("08:00", 4), at("09:00", 4)),
        # a night that runs into a morning is one stretch
        ({date(2026, 3, 2): ((time(22), time(9)),)}, at("07:00", 3), 180, at("07:00", 3), at("10:00", 3)),
    ],
)
def test_a_week_has_days_of_several_stretches_and_days_that_differ(
    days: dict[date, Day], now: datetime, minutes: int, begins: datetime, due_at: datetime
):
    hours = Hours(WORKING_WEEK, days)
    made = promised(minutes, now, hours)
    assert due_at == made.due_at
    assert begins == hours.stretch(now, minutes)[0]


def test_a_week_of_whole_days_is_one_stretch():
    """Midnight is no opening: two hours at eleven at night are two hours."""
    hours = Hours(7 * (ALL_DAY,))
    assert "promise.hours" == promised(120, at("23:00"), hours).key
    assert at("01:00", 3) == promised(120, at("23:00"), hours).due_at


def test_day_and_night_but_for_one_day():
    closed = Hours(days={date(2026, 3, 3): ()})
    assert at("01:00", 4) == promised(120, at("23:00"), closed).due_at
    assert closed.is_open(at("23:59"))
    assert not closed.is_open(at("00:00", 3))


def test_a_stretch_is_as_long_as_the_clock_makes_it_in_summer_time():
    """The clock is put forward on Sunday, 29 March 2026: from midnight to six are five hours."""
    berlin = ZoneInfo("Europe/Berlin")
    hours = Hours(7 * (((time(0), time(6)), (time(20), time(22))),))
    now = datetime(2026, 3, 29, 0, 0, tzinfo=berlin)
    assert "promise.hours" == promise(300, hours, now, berlin).key
    evening = promise(360, hours, now, berlin)
    assert datetime(2026, 3, 29, 21, 0, tzinfo=berlin) == evening.due_at
    assert "20:00" == evening.values["clock"]


def test_a_week_is_kept_with_its_days():
    kept = {"week": [[["08:00", "12:00"]]] + 6 * [[]], "days": {"2026-10-01": {"open": [], "name": "国庆节"}}}
    assert Hours((((MORNING,),) + 6 * ((),)), {date(2026, 10, 1): ()}) == Hours.of(kept)


@pytest.mark.parametrize("week", [7 * [[]], 6 * [[["08:00", "12:00"]]]])
def test_a_week_in_which_nobody_is_ever_there_is_none(week: list):
    with pytest.raises(ValueError, match="week"):
        Hours.of({"week": week})
