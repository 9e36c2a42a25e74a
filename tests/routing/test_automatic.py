"""When a resident is asked whether it was right: never twice without need, never within the gap."""

from datetime import UTC, datetime, timedelta

import pytest

from routing.automatic import ASKED_WITHIN, BUSY_GAP, DAY, FINAL, OUTCOMES, Policy, Try, next_call

DONE = datetime(2026, 3, 2, 9, tzinfo=UTC)
POLICY = Policy(tries=2, gap=timedelta(hours=4))


def hours(n: float) -> datetime:
    return DONE + timedelta(hours=n)


def test_the_first_call_comes_when_the_gap_is_over():
    assert hours(4) == next_call(DONE, (), POLICY)


@pytest.mark.parametrize("outcome", [each for each in OUTCOMES if each not in FINAL and each != "busy"])
def test_who_was_not_asked_in_the_end_is_tried_once_more(outcome: str):
    assert hours(9) == next_call(DONE, [Try(hours(5), outcome)], POLICY)


@pytest.mark.parametrize("outcome", [*FINAL, None])
def test_who_has_answered_or_is_being_called_is_left_alone(outcome: str | None):
    assert next_call(DONE, [Try(hours(5), outcome)], POLICY) is None


def test_who_was_talking_is_tried_soon():
    assert hours(5) + BUSY_GAP == next_call(DONE, [Try(hours(5), "busy")], POLICY)
    quick = Policy(tries=2, gap=timedelta(minutes=10))
    assert hours(5) + quick.gap == next_call(DONE, [Try(hours(5), "busy")], quick)


def test_no_more_than_so_often():
    assert next_call(DONE, [Try(hours(5), "no_answer"), Try(hours(9), "busy")], POLICY) is None


@pytest.mark.parametrize(
    ("other", "at"),
    [
        (Try(hours(3), "confirmed", same=False), hours(7)),
        (Try(hours(3), "busy", same=False), hours(7)),
        (Try(hours(-9), "no_answer", same=False), hours(4)),
        (Try(hours(-99), "opted_out", same=False), None),
        (Try(hours(3), None, same=False), None),
    ],
)
def test_another_matter_of_theirs_keeps_its_distance(other: Try, at: datetime | None):
    """Answers about it say nothing of this one; but a wish not to be called is about all."""
    assert at == next_call(DONE, [other], POLICY)


@pytest.mark.parametrize(("last_h", "at"), [(3, hours(3 - 6) + DAY), (3 + 24, hours(27 + 4))])
def test_a_day_has_three_such_calls_whatever_they_are_about(last_h: float, at: datetime):
    """A99: However many matters somebody has; the day is over a day after the third last of them."""
    others = [Try(hours(last_h - ago), "no_answer", same=False) for ago in (0, 3, 6 if last_h == 3 else 30)]
    assert at == next_call(DONE, others, Policy(tries=2, gap=timedelta(hours=4)))


def test_later_than_a_week_nobody_is_asked():
    last = DONE + ASKED_WITHIN - POLICY.gap
    assert DONE + ASKED_WITHIN == next_call(DONE, [Try(last, "no_answer")], POLICY)
    assert next_call(DONE, [Try(last + timedelta(minutes=1), "no_answer")], POLICY) is None
