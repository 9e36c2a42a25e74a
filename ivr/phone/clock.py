"""How fast does a played day go? Its own clock: so many of its seconds pass in one of ours."""

import time
from collections.abc import Callable

from ivr.phone.leg import Pace


class Clock:
    """The seconds of a played day, from 0 on.

    Args:
        speed: how many of them pass in one second of ours.
        now: our own clock (s), which never goes back.
        sleep: waits so many seconds of ours.
    """

    def __init__(
        self,
        speed: float,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.speed, self._now, self._sleep = speed, now, sleep
        self._began = now()

    def now_s(self) -> float:
        return (self._now() - self._began) * self.speed

    def wait_until(self, at_s: float) -> None:
        """Return when the day has come so far; at once when it is later already."""
        if (left_s := (at_s - self.now_s()) / self.speed) > 0:
            self._sleep(left_s)

    def pace(self) -> Pace:
        """The pace of a call that begins now."""
        began_s = self.now_s()

        def wait(clock_s: float) -> None:
            self.wait_until(began_s + clock_s)

        return wait
