"""What rotations and changes come to: turns, nights, clocks that change, gaps, overlaps, rests."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.hours import Hours
from routing.roster.rotation import Change, Rotation
from routing.roster.schedule import Gap, Overlap, Strain, open_times, resolve
from routing.roster.shift import Span

NINGBO, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)
A, B, C = 1, 2, 3


def at(day: int, hour: float = 0, zone: ZoneInfo = NINGBO, month: int = 3) -> datetime:
    return datetime(2026, month, day, tzinfo=zone).astimezone(UTC) + timedelta(hours=hour)


def span(day: int, from_hour: float, to_hour: float) -> Span:
    """Hours of a day of March in Ningbo; past 24 it is the next day."""
    return Span(at(day, from_hour), at(day, to_hour))


def rotation(*people: int, opens: int = 8, closes: int = 20, **options: object) -> Rotation:
    usual = {"first": MONDAY, "zone": NINGBO} | options
    return Rotation(1, people, time(opens), time(closes), **usual)


def told(rotations: list[Rotation], *changes: Change, days: int = 3) -> list[tuple[int, Span]]:
    return [(each.person, each.span) for each in resolve(rotations, changes, span(2, 0, 24 * days)).shifts]


def test_people_take_turns_day_by_day():
    assert [(A, span(2, 8, 20)), (B, span(3, 8, 20)), (A, span(4, 8, 20))] == told([rotation(A, B)])


def test_people_take_turns_week_by_week():
    weekly = rotation(A, B, turn_days=7)
    people = [person for person, _ in told([weekly], days=21)]
    assert [A] * 7 + [B] * 7 + [A] * 7 == people


def test_weekdays_that_are_not_meant_are_left_out():
    """Monday and Wednesday; whose turn it is goes by the days all the same."""
    assert [(A, span(2, 8, 20)), (C, span(4, 8, 20))] == told([rotation(A, B, C, weekdays=frozenset({0, 2}))])


def test_a_night_that_began_yesterday_is_still_on():
    today = resolve([rotation(A, B, opens=20, closes=8)], (), span(3, 0, 24))
    assert [(A, span(3, 0, 8)), (B, span(3, 20, 24))] == [(each.person, each.span) for each in today.shifts]


def test_the_same_clock_twice_is_a_whole_day():
    assert [] == resolve([rotation(A, B, opens=8, closes=8)], (), span(3, 0, 24)).gaps([span(3, 0, 24)])


def test_it_ends_with_its_last_day():
    assert [(A, span(2, 8, 20))] == told([rotation(A, last=MONDAY)])


@pytest.mark.parametrize(("day", "month", "hours"), [(28, 3, 7), (24, 10, 9), (27, 6, 8)])
def test_a_night_in_which_clocks_change_is_an_hour_shorter_or_longer(day: int, month: int, hours: int):
    """22:00 to 06:00 by the clock on the wall, in Berlin, 2026; without a gap to the day after it."""
    night = rotation(A, opens=22, closes=6, zone=BERLIN, first=date(2026, month, day))
    morning = rotation(B, opens=6, closes=22, zone=BERLIN, first=date(2026, month, day + 1))
    within = Span(at(day, 20, BERLIN, month), at(day, 34, BERLIN, month))
    found = resolve([night, morning], (), within)
    assert timedelta(hours=hours) == found.shifts[0].span.length
    assert found.shifts[0].span.ends == found.shifts[1].span.starts


def test_two_zones_make_one_schedule():
    """A volunteer abroad takes the night: 15:00 to 23:00 in Berlin is 22:00 to 06:00 in Ningbo."""
    abroad = rotation(B, opens=15, closes=23, zone=BERLIN)
    assert [(A, span(2, 8, 20)), (B, span(2, 22, 30))] == told([rotation(A, last=MONDAY), abroad], days=2)[:2]


def test_who_is_away_leaves_a_gap_and_who_steps_in_fills_it():
    away = Change(A, span(2, 10, 12), on=False)
    wanted = [span(2, 8, 20)]
    found = resolve([rotation(A, last=MONDAY)], [away], span(2, 0, 24))
    assert [Gap(span(2, 10, 12), 1)] == found.gaps(wanted)
    assert [] == resolve([rotation(A)], [away, Change(C, span(2, 10, 12), on=True)], span(2, 0, 24)).gaps(wanted)


def test_a_swap_is_two_changes_each():
    swapped = [
        Change(A, span(2, 8, 20), on=False),
        Change(B, span(2, 8, 20), on=True),
        Change(B, span(3, 8, 20), on=False),
        Change(A, span(3, 8, 20), on=True),
    ]
    assert [(B, span(2, 8, 20)), (A, span(3, 8, 20))] == told([rotation(A, B)], *swapped, days=2)


def test_somebody_who_is_removed_in_mid_shift_is_off_from_then_on():
    assert [(A, span(2, 8, 13))] == told([rotation(A)], Change(A, Span(at(2, 13), at(30)), on=False))


def test_too_few_are_a_gap_too_and_the_fallback_fills_what_nobody_does():
    found = resolve([rotation(A), rotation(B, opens=12, closes=14)], (), span(2, 0, 24))
    wanted = [span(2, 7, 21)]
    assert [1, 2] == sorted({gap.missing for gap in found.gaps(wanted, least=2)})
    filled = found.filled(C, wanted)
    assert [] == filled.gaps(wanted)
    assert [(C, span(2, 7, 8)), (C, span(2, 20, 21))] == [(s.person, s.span) for s in filled.shifts if s.person == C]


def test_an_overlap_is_named():
    twice = resolve([rotation(A), rotation(A, opens=18, closes=22)], (), span(2, 0, 24))
    assert [Overlap(A, span(2, 18, 20))] == twice.overlaps()


def test_a_short_rest_and_a_long_stretch_are_named():
    """Two shifts on end are one stretch of fourteen hours; back after nine is too soon."""
    strained = resolve(
        [rotation(A, opens=8, closes=16), rotation(A, opens=16, closes=22), rotation(B, opens=8, closes=20)],
        [Change(A, span(3, 12, 22), on=False)],
        span(2, 0, 48),
    )
    assert [Strain(A, "stretch", span(2, 8, 22)), Strain(A, "rest", Span(at(2, 22), at(3, 8)))] == strained.strains()


def test_what_ought_to_be_filled_follows_the_hotlines_hours():
    assert [span(2, 0, 24)] == open_times(Hours(), span(2, 0, 24), NINGBO)
    assert [span(2, 8, 20)] == open_times(Hours.daily(time(8), time(20)), span(2, 0, 24), NINGBO)
    assert [span(2, 0, 6), span(2, 22, 24)] == open_times(Hours.daily(time(22), time(6)), span(2, 0, 24), NINGBO)


HOURS = st.integers(0, 71)
SPANS = st.tuples(HOURS, st.integers(1, 30)).map(lambda pair: span(2, pair[0], pair[0] + pair[1]))
CHANGES = st.lists(st.builds(Change, st.sampled_from((A, B, C)), SPANS, st.booleans()), max_size=6)
CLOCKS = st.integers(0, 23)
ROTATIONS = st.lists(
    st.builds(
        lambda people, opens, closes, days: rotation(*people, opens=opens, closes=closes, turn_days=days),
        st.lists(st.sampled_from((A, B, C)), min_size=1, max_size=3, unique=True),
        CLOCKS,
        CLOCKS,
        st.integers(1, 3),
    ),
    max_size=2,
)


@settings(max_examples=60, deadline=None)
@given(ROTATIONS, CHANGES, st.integers(0, 71), st.sampled_from((A, B, C)))
def test_the_last_decision_counts_and_without_one_the_rotation(rotations, changes, hour, person):
    """At every moment, for everybody; and where nobody is on is a gap, which a fallback fills."""
    moment, whole = at(2, hour + 0.5), span(2, 0, 72)
    planned = any(s.person == person and moment in s.span for each in rotations for s in each.shifts(whole))
    decided = [change.on for change in changes if change.person == person and moment in change.span]
    found = resolve(rotations, changes, whole)
    assert (decided[-1] if decided else planned) == any(each.person == person for each in found.on(moment))
    assert (not found.on(moment)) == any(moment in gap.span for gap in found.gaps([whole]))
    assert [] == found.filled(99, [whole]).gaps([whole])
