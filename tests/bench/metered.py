"""The hotline with a meter: what the web server's processes spend on calls, and what on open inboxes.

Two rounds of the same calls differ by more than inboxes cost; so both are measured in one. gunicorn's own work for a
request is the same for all of them: what a process used besides is shared out by their number.
"""

import json
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path
from threading import Lock
from typing import Any

FOLDER = "BENCH_METER_DIR"
EVERY_S = 0.5
INBOX = "/desk/inbox"


@dataclass
class Spent:
    """By one process, or by several: seconds of processor time, and requests."""

    calls_s: float = 0.0
    inboxes_s: float = 0.0
    besides_s: float = 0.0
    calls: int = 0
    inboxes: int = 0

    def __sub__(self, earlier: "Spent") -> "Spent":
        return Spent(*(now - then for now, then in zip(astuple(self), astuple(earlier), strict=True)))

    @property
    def share(self) -> float:
        """What the inboxes cost, as a share of what the calls need."""
        besides_s = self.besides_s / (self.calls + self.inboxes)
        return (self.inboxes_s + self.inboxes * besides_s) / (self.calls_s + self.calls * besides_s)


class Meter:
    """A WSGI application around another; now and then it writes down what was spent."""

    def __init__(self, app: Any, folder: Path) -> None:
        self.app, self.folder = app, folder
        self.lock, self.spent, self.written_at = Lock(), Spent(), 0.0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        began_s = time.thread_time()
        answer = self.app(environ, start_response)
        return self.rest(environ["PATH_INFO"] == INBOX, began_s, answer)

    def rest(self, is_inbox: bool, began_s: float, answer: Any) -> Iterator[bytes]:
        try:
            yield from answer
        finally:
            answer.close()
            self.add(is_inbox, time.thread_time() - began_s)

    def add(self, is_inbox: bool, seconds: float) -> None:
        with self.lock:
            if is_inbox:
                self.spent.inboxes_s, self.spent.inboxes = self.spent.inboxes_s + seconds, self.spent.inboxes + 1
            else:
                self.spent.calls_s, self.spent.calls = self.spent.calls_s + seconds, self.spent.calls + 1
            if time.monotonic() - self.written_at < EVERY_S:
                return
            self.written_at = time.monotonic()
            self.spent.besides_s = time.process_time() - self.spent.calls_s - self.spent.inboxes_s
            passing = self.folder / f"{os.getpid()}.new"
            passing.write_text(json.dumps(astuple(self.spent)))
            passing.rename(self.folder / f"{os.getpid()}.json")


def read(folder: Path) -> Spent:
    """What all processes have spent so far, up to half a second ago."""
    each = [json.loads(path.read_text()) for path in folder.glob("*.json")]
    return Spent(*map(sum, zip(*each, strict=True)))


if FOLDER in os.environ:
    from wsgi import app as hotline

    app = Meter(hotline, Path(os.environ[FOLDER]))
