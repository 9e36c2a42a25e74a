"""Which numbers are rung, and when."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from routing.destinations import AWAKE, not_before, refusal
from routing.hours import Hours

HOME = ("CN",)
DAY = Hours.daily(time(8), time(21))
NIGHT = datetime(2026, 3, 1, 3, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("number", "regions", "why"),
    [
        ("+8613800000001", HOME, None),
        ("+8657455500100", HOME, None),
        ("+8619900000001", HOME, None),
        ("+14158675310", HOME, "foreign"),
        ("+14158675310", ("CN", "US"), None),
        ("+85291234567", HOME, "foreign"),
        ("+8616812345678", HOME, "premium"),
        ("+86110", HOME, "service"),
        ("nobody", HOME, "service"),
        ("sip:13800000001@example.org", HOME, "service"),
        ("+8613800000001,,,1", HOME, "service"),
        ("+8613800000001p1", HOME, "service"),
        ("+881612345678", HOME, "foreign"),
        ("+88210123456", HOME, "foreign"),
        ("+979123456789", HOME, "foreign"),
        ("+19002345678", ("US",), "premium"),
    ],
)
def test_what_is_rung(number: str, regions: tuple[str, ...], why: str | None) -> None:
    """A97: Satellites, premium ranges, services, addresses and keys behind a number are refused by the plan alone."""
    assert why == refusal(number, regions)


def test_nobody_is_rung_out_of_bed() -> None:
    eight = NIGHT.replace(hour=8)
    assert eight == not_before(NIGHT, DAY, urgent=False, rang_at=None)
    assert eight == not_before(NIGHT, DAY, urgent=False, rang_at=NIGHT - AWAKE)
    assert [None, None, None] == [
        not_before(NIGHT, DAY, urgent=True, rang_at=None),
        not_before(NIGHT, DAY, urgent=False, rang_at=NIGHT - timedelta(minutes=59)),
        not_before(eight, DAY, urgent=False, rang_at=None),
    ]
