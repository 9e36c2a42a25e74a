"""What one call works out holds up no other call."""

import threading
from concurrent.futures import ThreadPoolExecutor

from ivr.voice.once import once


class Asked:
    """Works something out while another one of its kind does."""

    def __init__(self, both: threading.Barrier) -> None:
        self.both, self.times = both, 0

    @once
    def answer(self) -> int:
        """The answer."""
        self.both.wait(timeout=20)
        self.times += 1
        return 42


def test_two_objects_work_it_out_at_the_same_time() -> None:
    """Each once: neither waits for the other, as they would at a ``cached_property`` of Python 3.11."""
    both = threading.Barrier(2)
    asked = Asked(both), Asked(both)
    with ThreadPoolExecutor(2) as pool:
        assert [42, 42] == list(pool.map(lambda each: each.answer, asked))
    assert [(42, 1), (42, 1)] == [(each.answer, each.times) for each in asked]
