"""Three tries, seven days; and how long a claim lasts."""

from datetime import UTC, datetime, timedelta

import pytest

from routing.attempts import NEXT_TRY, lapses_at, tries_missing

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "since_first", "missing"),
    [
        (0, None, 3),
        (1, timedelta(0), 2),
        (2, timedelta(days=6, hours=23), 1),
        (2, timedelta(days=7), 0),
        (3, timedelta(minutes=5), 0),
        (9, timedelta(0), 0),
    ],
)
def test_giving_up_takes_three_tries_or_seven_days(attempts: int, since_first: timedelta | None, missing: int):
    first_at = None if since_first is None else NOON - since_first
    assert missing == tries_missing(attempts, first_at, NOON)


@pytest.mark.parametrize(
    ("taken_up_by", "last_attempt_at", "ends"),
    [
        (None, None, NOON + timedelta(minutes=60)),
        (NOON + timedelta(hours=2), None, NOON + timedelta(hours=2)),
        (NOON + timedelta(minutes=30), None, NOON + timedelta(minutes=60)),
        (None, NOON, NOON + NEXT_TRY),
    ],
)
def test_a_claim_lasts_as_long_as_anything_gives_it_time(
    taken_up_by: datetime | None, last_attempt_at: datetime | None, ends: datetime
):
    """An hour without progress; the time its holder was given; a day to try the caller again."""
    assert ends == lapses_at(NOON, 60, taken_up_by=taken_up_by, last_attempt_at=last_attempt_at)
