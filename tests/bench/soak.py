"""F22: does anything grow? Server and worker under calls for half an hour, their memory and descriptors looked at.

    python -m tests.bench.soak [--minutes 30] [--callers 4] [--pause 0.3] [--database URL] [--directory FILE.csv]

Callers ring, speak, leave messages and hang up, one call after the other with a pause between; the worker fetches each
message from a carrier of our own. gunicorn is as we ship it, but for its habit of replacing workers after so many
requests, which would hide a leak. The first fifth of the time is warm-up: caches fill. Of the rest, the medians of
its first and last fifth are compared. Exit status 1 when something grew by more than is allowed, or a call was lost.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression, median
from typing import Any

import psutil
from sqlalchemy import create_engine, text

from tests.bench.calling import call, measure
from tests.bench.serving import ROOT, environment, flask, serving
from tests.bench.webhooks import SAMPLE
from tests.fake_carrier import fake_carrier

SAMPLE_EVERY_S = 2.0
WARM_SHARE, COMPARED_SHARE = 0.2, 0.2
FETCHED_WITHIN_S = 120
MB = 2**20
# How much the last fifth may have over the first. A page cache breathes by some MB; a leak of one kB a call is 20 in
# half an hour. Descriptors: a connection more or less of each pool.
ALLOWED = {"web MB": 12.0, "worker MB": 12.0, "web descriptors": 8.0, "worker descriptors": 8.0,
           "web threads": 2.0, "worker threads": 4.0}  # fmt: skip


@dataclass
class Watched:
    """Samples of what must not grow: the seconds since the beginning, and each series beside them."""

    trees: dict[str, psutil.Process]
    at_s: list[float] = field(default_factory=list)
    series: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in ALLOWED})

    def sample(self, at_s: float) -> None:
        seen = {name: _of_tree(process) for name, process in self.trees.items()}
        self.at_s.append(at_s)
        for name, (memory, descriptors, threads) in seen.items():
            self.series[f"{name} MB"].append(memory / MB)
            self.series[f"{name} descriptors"].append(descriptors)
            self.series[f"{name} threads"].append(threads)


def _of_tree(process: psutil.Process) -> tuple[int, int, int]:
    """Resident bytes, descriptors and threads of a process with its children."""
    memory = descriptors = threads = 0
    for each in (process, *process.children(recursive=True)):
        with each.oneshot():
            memory += each.memory_info().rss
            descriptors += each.num_fds()
            threads += each.num_threads()
    return memory, descriptors, threads


@dataclass(frozen=True, slots=True)
class Growth:
    """Of one series: its medians at the beginning and the end of what counts, and its slope over all of that."""

    name: str
    first: float
    last: float
    per_hour: float

    @property
    def flat(self) -> bool:
        return self.last - self.first <= ALLOWED[self.name]

    @classmethod
    def of(cls, name: str, at_s: Sequence[float], values: Sequence[float]) -> "Growth":
        """Raises ``ValueError`` for fewer samples than can be compared."""
        warm = next(n for n, each in enumerate(at_s) if each >= at_s[-1] * WARM_SHARE)
        times, counted = at_s[warm:], values[warm:]
        part = int(len(counted) * COMPARED_SHARE)
        if part < 2:
            raise ValueError("too short: give it more --minutes")
        slope, _ = linear_regression(times, counted)
        return cls(name, median(counted[:part]), median(counted[-part:]), slope * 3600)


@contextmanager
def working(environ: dict[str, str]) -> Any:
    """The worker, as a process."""
    with psutil.Popen(["flask", "worker"], env=environ, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.terminate()


def soak(url: str, watched: Watched, seconds: float, callers: int, pause_s: float) -> tuple[int, float]:
    """Call for so long, and look every few seconds: how many calls were made, and the 99th percentile of a webhook."""
    over = threading.Event()
    began = time.monotonic()

    def watch() -> None:
        while not over.wait(SAMPLE_EVERY_S):
            watched.sample(time.monotonic() - began)

    def unhurried(line: Any) -> list[float]:
        times = call(line)
        time.sleep(pause_s)
        return times

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        measured = measure("soak", url, unhurried, seconds, callers)
    finally:
        over.set()
        watcher.join()
    return measured.calls, measured.percentile_ms(99)


def kept(database: str, wanted: int) -> dict[str, int]:
    """What became of the calls, once the worker had time to fetch the last messages."""
    engine = create_engine(database)
    questions = {
        "calls": "SELECT count(*) FROM calls WHERE ended_at IS NOT NULL",
        "tickets": "SELECT count(*) FROM tickets",
        "messages": "SELECT count(*) FROM recordings WHERE state = 'fetched'",
    }
    deadline = time.monotonic() + FETCHED_WITHIN_S
    while True:
        with engine.connect() as connection:
            found = {name: connection.scalar(text(question)) or 0 for name, question in questions.items()}
        if found["messages"] >= wanted or time.monotonic() > deadline:
            engine.dispose()
            return found
        time.sleep(1)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--minutes", type=float, default=30)
    asked.add_argument("--callers", type=int, default=4)
    asked.add_argument("--pause", type=float, default=0.3, help="seconds between two calls of a caller")
    asked.add_argument("--database", help="SQLAlchemy URL of an empty database; SQLite otherwise")
    asked.add_argument("--directory", type=Path, default=SAMPLE)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="hotline-soak-") as folder, fake_carrier() as carrier:
        carrier.lists = {}
        database = options.database or f"sqlite+pysqlite:///{folder}/hotline.db"
        environ = environment(database, Path(folder)) | {"TWILIO_API_BASE_URL": carrier.url}
        flask("db", "upgrade", environ=environ)
        flask("directory", "import", str(options.directory), environ=environ)
        with serving("wsgi:app", environ, "--max-requests", "0") as server, working(environ) as worker:
            watched = Watched({"web": server.process, "worker": worker})
            seconds = options.minutes * 60
            calls, p99_ms = soak(server.base_url, watched, seconds, options.callers, options.pause)
            found = kept(database, calls)
    grown = [Growth.of(name, watched.at_s, values) for name, values in watched.series.items()]
    return report(grown, calls, found, p99_ms)


def report(grown: Sequence[Growth], calls: int, found: dict[str, int], p99_ms: float) -> int:
    """The table, and the exit status."""
    print(f"{'':20}{'at first':>10}{'at last':>10}{'allowed':>10}{'an hour':>10}")
    for each in grown:
        verdict = "" if each.flat else "  GREW"
        allowed = f"+{ALLOWED[each.name]:.0f}"
        print(f"{each.name:20}{each.first:10.1f}{each.last:10.1f}{allowed:>10}{each.per_hour:+10.1f}{verdict}")
    lost = {name: calls - number for name, number in found.items() if number != calls}
    print(f"{calls} calls, p99 of a webhook {p99_ms:.0f} ms; lost: {lost or 0}")
    return int(bool(lost) or not all(each.flat for each in grown))


if __name__ == "__main__":
    sys.exit(main())
