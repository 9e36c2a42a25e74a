"""What somebody who waits is told."""

from datetime import timedelta

import pytest

from routing.roster.waiting import MAX_MIN, wait_min


@pytest.mark.parametrize(
    ("ahead", "people", "talks", "minutes"),
    [
        (0, 1, [], 4),
        (0, 4, [], 1),
        (2, 1, [], 12),
        (2, 2, [2, 4], 5),  # three places, three minutes each, two people: four and a half
        (0, 20, [0.1], 1),  # never "none"
        (0, 0, [3], 3),
        (50, 1, [], MAX_MIN),
    ],
)
def test_rounded_up_and_by_what_calls_lately_took(ahead: int, people: int, talks: list[float], minutes: int):
    assert minutes == wait_min(ahead, people, [timedelta(minutes=talk) for talk in talks])
