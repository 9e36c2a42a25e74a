"""When an open page is compared again: not while nothing happened, and while calls press not more than we can spare.

Fifty open inboxes ask every two seconds. An answer that is 304 without a look at the tickets costs a tenth of one that
compares them, and without a look for the login less again.
"""

import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from ivr.recent import Recent

VERIFIED_FOR_S = 30.0  # what time alone changes (a promise that runs out) is counted this late at most
LATEST_S = 60.0  # however busy we are, nobody looks at an older page; of two processes, each counts for itself
AGAIN_S = 10  # when to ask again, for a page that is put off
MAX_PAGES = 2000  # open at once, in all browsers

WINDOW_S = 1.0
BUSY = 0.3  # of a core, used by this process: then calls come first
SHARE = 0.01  # of a core, for comparing open pages while it is busy
SAVED_S = 0.1  # unused, it adds up to so much


class OpenPages:
    """What this process has found unchanged: which page, when, and what was the newest thing anywhere by then.

    While nothing happened anywhere, a page need not be compared: that makes most renewals one small question.
    """

    def __init__(self) -> None:
        self.pages = Recent[Hashable, tuple[Any, float]](MAX_PAGES)

    def keep(self, page: Hashable, newest: Any) -> None:
        """*page* is what there was when *newest* was the newest."""
        self.pages.put(page, (newest, time.monotonic()))

    def still(self, page: Hashable, newest: Any) -> bool:
        """Whether nothing happened since."""
        seen, age_s = self._look(page)
        return seen == newest and age_s < VERIFIED_FOR_S

    def can_wait(self, page: Hashable) -> bool:
        """Whether it is one of those kept here, and not yet ``LATEST_S`` old."""
        _seen, age_s = self._look(page)
        return age_s < LATEST_S

    def admit(self, page: Hashable) -> bool:
        """Whether it can wait; one that another process has written counts as new."""
        if self.pages.get(page) is None:
            self.keep(page, None)
        return self.can_wait(page)

    def _look(self, page: Hashable) -> tuple[Any, float]:
        seen, at_s = self.pages.get(page) or (None, float("-inf"))
        return seen, time.monotonic() - at_s


class Budget:
    """What this process may spend on open pages: as much as they like, but ``SHARE`` while it is ``BUSY``."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.busy, self.credit_s = False, SAVED_S
        self.looked_at, self.used_s = time.monotonic(), time.process_time()

    def calls_first(self) -> bool:
        """Whether calls press, and open pages have used up their share."""
        with self.lock:
            self._look()
            return self.busy and self.credit_s <= 0

    @contextmanager
    def spending(self) -> Iterator[None]:
        """Around the work for a page whose turn it is."""
        began_s = time.thread_time()
        try:
            yield
        finally:
            with self.lock:
                if self.busy:
                    self.credit_s = max(-SAVED_S, self.credit_s - (time.thread_time() - began_s))

    def _look(self) -> None:
        elapsed_s = time.monotonic() - self.looked_at
        if elapsed_s < WINDOW_S:
            return
        used_s = time.process_time()
        self.busy = (used_s - self.used_s) / elapsed_s > BUSY
        self.credit_s = min(SAVED_S, self.credit_s + elapsed_s * SHARE)
        self.looked_at, self.used_s = time.monotonic(), used_s
