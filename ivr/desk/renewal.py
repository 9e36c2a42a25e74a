"""When an open page is compared again: not while nothing happened, and while calls press not more than we can spare.

Fifty open inboxes ask every two seconds. An answer that is 304 without a look at the tickets costs a tenth of one that
compares them.
"""

import time
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

VERIFIED_FOR_S = 30  # what time alone changes (a promise that runs out) is counted this late at most
MOST_VERIFIED = 2000  # pages open at once, in all browsers

WINDOW_S = 1.0
BUSY = 0.3  # of a core, used by this process: then calls come first
SHARE = 0.01  # of a core, for comparing open pages while it is busy
SAVED_S = 0.5  # unused, it adds up to so much
AWAY_S = 25.0  # who has not asked for so long begins to wait anew; a hidden page asks every 20 s
LATEST_S = 30.0  # however busy we are, nobody looks at an older page; of two processes, each counts for itself


class Verified:
    """What this process has found unchanged: which page, when, and what was the newest thing anywhere by then.

    While nothing happened anywhere, a page need not be compared: that makes most renewals one small question.
    """

    def __init__(self) -> None:
        self.pages: OrderedDict[Hashable, tuple[Any, float]] = OrderedDict()
        self.lock = Lock()

    def still(self, page: Hashable, newest: Any) -> bool:
        with self.lock:
            seen, at = self.pages.get(page, (None, 0.0))
        return seen == newest and time.monotonic() - at < VERIFIED_FOR_S

    def keep(self, page: Hashable, newest: Any) -> None:
        with self.lock:
            self.pages[page] = newest, time.monotonic()
            self.pages.move_to_end(page)
            while len(self.pages) > MOST_VERIFIED:
                self.pages.popitem(last=False)


class Thrift:
    """What this process may spend on open pages: as much as they like, but ``SHARE`` while it is ``BUSY``."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.busy, self.credit_s = False, SAVED_S
        self.looked_at, self.used_s = time.monotonic(), time.process_time()
        self.waiting: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()  # since when, and asked when last

    def puts_off(self, page: Hashable) -> bool:
        """Whether *page* can wait for its next turn, because calls press; never for longer than ``LATEST_S``."""
        with self.lock:
            self._look()
            if not self.busy or self.credit_s > 0:
                return False
            now_s = time.monotonic()
            since_s, asked_s = self.waiting.get(page, (now_s, now_s))
            if now_s - asked_s > AWAY_S:
                since_s = now_s
            self.waiting[page] = since_s, now_s
            while len(self.waiting) > MOST_VERIFIED:
                self.waiting.popitem(last=False)
            return now_s - since_s < LATEST_S

    @contextmanager
    def spending(self, page: Hashable) -> Iterator[None]:
        """Around the work for *page*, whose turn it is."""
        began_s = time.thread_time()
        try:
            yield
        finally:
            with self.lock:
                if self.busy:
                    self.credit_s = max(-SAVED_S, self.credit_s - (time.thread_time() - began_s))
                self.waiting.pop(page, None)

    def _look(self) -> None:
        elapsed_s = time.monotonic() - self.looked_at
        if elapsed_s < WINDOW_S:
            return
        used_s = time.process_time()
        self.busy = (used_s - self.used_s) / elapsed_s > BUSY
        self.credit_s = min(SAVED_S, self.credit_s + elapsed_s * SHARE)
        self.looked_at, self.used_s = time.monotonic(), used_s
