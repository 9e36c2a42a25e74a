"""Callers who ring as fast as they are answered, and how long each webhook took them."""

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from ivr.phone.handset import Handset
from ivr.phone.line import Line
from ivr.phone.transport import over_http
from tests.bench.serving import ACCOUNT_SID, AUTH_TOKEN

CALLERS = count()
FORM = {"CallSid": "CA" + "0" * 32, "AccountSid": ACCOUNT_SID, "From": "+8613800000001", "To": "+8657400000001"}

Work = Callable[[Line], list[float]]


@dataclass
class Measured:
    """Some seconds of calls. Times are of one webhook, as the carrier sees it."""

    name: str
    webhooks_ms: list[float] = field(default_factory=list)
    calls: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.webhooks_ms) / self.seconds

    def percentile_ms(self, percent: int) -> float:
        return sorted(self.webhooks_ms)[len(self.webhooks_ms) * percent // 100]


def measure(name: str, url: str, work: Work, seconds: float, threads: int) -> Measured:
    """Let *threads* callers repeat *work* for *seconds*; a request that fails ends the benchmark."""
    measured = Measured(name)
    line = Line(url, ACCOUNT_SID, AUTH_TOKEN, over_http())
    started = time.monotonic()

    def caller() -> None:
        while time.monotonic() - started < seconds:
            times = work(line)
            measured.webhooks_ms += times
            measured.calls += 1

    callers = [threading.Thread(target=caller) for _ in range(threads)]
    for each in callers:
        each.start()
    for each in callers:
        each.join()
    measured.seconds = time.monotonic() - started
    return measured


def request(line: Line) -> list[float]:
    exchange = line.request(line.url(line.voice_path), FORM)
    if not exchange.ok:
        sys.exit(f"not answered: {exchange.path}")
    return [exchange.ms]


def call(line: Line) -> list[float]:
    """A caller we have not heard of presses 1, keys a community's number, leaves a message and hangs up."""
    phone = Handset(line, caller=f"+86138{next(CALLERS):08d}").dial()
    phone.press("1").press("201").leave_message(key="#").hang_up()
    bad = [each.path for each in phone.exchanges if not each.ok]
    if bad:
        sys.exit(f"not answered: {bad}")
    return [each.ms for each in phone.exchanges]
