"""Open pages give way to calls, and are never long behind."""

import pytest

from ivr.desk import renewal
from ivr.desk.renewal import Thrift


class Clocks:
    """The time of day, and what this process and this thread have used."""

    def __init__(self) -> None:
        self.now_s = self.used_s = 0.0

    def pass_by(self, seconds: float, *, busy: float) -> None:
        self.now_s, self.used_s = self.now_s + seconds, self.used_s + seconds * busy


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    clocks = Clocks()
    monkeypatch.setattr(renewal.time, "monotonic", lambda: clocks.now_s)
    monkeypatch.setattr(renewal.time, "process_time", lambda: clocks.used_s)
    monkeypatch.setattr(renewal.time, "thread_time", lambda: clocks.used_s)
    return clocks


def spend(thrift: Thrift, clocks: Clocks, seconds: float, page: str = "another") -> None:
    with thrift.spending(page):
        clocks.used_s += seconds


def test_in_quiet_hours_every_page_is_compared_whenever_it_asks(clocks: Clocks):
    thrift = Thrift()
    for _turn in range(20):
        clocks.pass_by(2, busy=0.1)
        assert not thrift.puts_off("page")
        spend(thrift, clocks, 0.2)


def test_while_calls_press_pages_get_their_share_and_no_more(clocks: Clocks):
    """A page that costs 20 ms: from what was saved at first, then one in two seconds of 1 % of a core."""
    thrift, compared = Thrift(), 0
    for second in range(60):
        clocks.pass_by(1, busy=0.9)
        for n in range(5):
            if not thrift.puts_off(f"page {second} {n}"):
                spend(thrift, clocks, 0.02, f"page {second} {n}")
                compared += 1

    assert 25 + 28 <= compared <= 25 + 32


def test_nobody_looks_at_a_page_older_than_half_a_minute(clocks: Clocks):
    thrift, waited = Thrift(), []
    for _poll in range(40):
        clocks.pass_by(2, busy=1)
        spend(thrift, clocks, 5)
        if thrift.puts_off("page"):
            waited.append(clocks.now_s)
        else:
            spend(thrift, clocks, 0, "page")
            waited.clear()
        assert not waited or waited[-1] - waited[0] < renewal.LATEST_S
    assert waited, "it was put off again"
