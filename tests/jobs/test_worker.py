"""The worker as a process: it does what was queued, survives its own death, and stops when it is told to."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from ivr.app import App
from ivr.settings import Settings
from ivr.store import workers
from ivr.store.models import Recording, Worker
from tests.builders import new_call, new_recording, new_ticket
from tests.fake_carrier import ACCOUNT_SID, SOUND, Answer, FakeCarrier

PROGRAM = "import wsgi; from ivr.jobs.worker import run; run(wsgi.app)"
PATIENCE_S = 60
NOW = datetime.now(UTC)
Start = Callable[[Path], "subprocess.Popen[bytes]"]


@pytest.fixture
def start(settings: Settings, carrier: FakeCarrier) -> Iterator[Start]:
    """Starts a worker with a data folder of its own; whatever still runs is killed in the end."""
    started: list[subprocess.Popen[bytes]] = []

    def start(folder: Path) -> "subprocess.Popen[bytes]":
        environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": settings.database_url,
            "HOTLINE_DATA_DIR": str(folder),
            "HOTLINE_AUDIO_URL": settings.audio_url,
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": "token",
            "TWILIO_API_BASE_URL": carrier.url,
        }
        started.append(subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment))  # noqa: S603 - our own
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def wait_until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def state(app: App, recording: Recording) -> str:
    with app.sessions.read() as db:
        return db.get_one(Recording, recording.id).state


def fetch(app: App, recording: Recording) -> None:
    with app.sessions.begin() as db:
        app.later.enqueue(db, "fetch_recording", recording.id)


def test_a_worker_does_what_was_queued_and_stops_when_told(
    app: App, carrier: FakeCarrier, announced: Recording, start: Start, tmp_path: Path
) -> None:
    """SIGTERM ends it with status 0, and nobody takes it for dead. Its jobs are forgotten when they are old."""
    fetch(app, announced)
    worker = start(tmp_path / "one")
    wait_until(lambda: state(app, announced) == "fetched")
    worker.send_signal(signal.SIGTERM)

    assert 0 == worker.wait(PATIENCE_S)
    assert 1 == app.later.tried("fetch_recording", announced.id)
    app.later.forget(datetime.now(UTC) - timedelta(days=1))
    assert 1 == app.later.tried("fetch_recording", announced.id)
    app.later.forget(datetime.now(UTC) + timedelta(days=1))
    assert 0 == app.later.tried("fetch_recording", announced.id)
    with app.sessions.read() as db:
        assert set() == workers.alive(db, datetime.now(UTC))


@pytest.mark.parametrize("next_folder", ["one", "two"])
def test_a_worker_killed_in_mid_fetch_loses_nothing(
    app: App, carrier: FakeCarrier, announced: Recording, start: Start, tmp_path: Path, next_folder: str
) -> None:
    """F5: Its job is finished by itself, started again, or by another worker that sees that it is dead."""
    never = threading.Event()
    carrier.answers = [Answer(hold=never), Answer()]
    fetch(app, announced)
    worker = start(tmp_path / "one")
    wait_until(lambda: carrier.requests)
    worker.kill()
    worker.wait()
    assert "expected" == state(app, announced)
    with app.sessions.begin() as db:  # a minute later
        db.execute(update(Worker).values(seen_at=datetime.now(UTC) - workers.DEAD_AFTER))

    start(tmp_path / next_folder)
    wait_until(lambda: state(app, announced) == "fetched")
    assert SOUND == app.audio.read(f"{announced.announced_at:%Y/%m}/{announced.id}.wav")
    assert 2 == len(carrier.requests)


def test_a_job_that_ended_in_an_error_is_done_once_more_when_somebody_says_so(
    app: App, start: Start, tmp_path: Path
) -> None:
    """One with an id too many, so that it can only fail: it does so again."""
    with app.sessions.begin() as db:
        app.later.enqueue(db, "fetch_recording", 7, 0, 9)
    worker = start(tmp_path / "one")
    wait_until(app.later.dead)
    worker.kill()
    worker.wait()
    (first,) = app.later.dead()
    with app.sessions.begin() as db:
        assert 1 == app.later.try_again(db, [first.id])
    assert not app.later.dead()

    start(tmp_path / "two")
    wait_until(lambda: [each.id for each in app.later.dead()] == [first.id])


def test_a_worker_refuses_tables_that_are_missing(tmp_path: Path) -> None:
    """One line says what to do."""
    environment = {"PATH": os.environ["PATH"], "HOTLINE_DATA_DIR": str(tmp_path), "HOTLINE_SIMULATOR": "1"}
    command = [sys.executable, "-c", PROGRAM]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True)  # noqa: S603 - our own
    assert "run flask db upgrade" in ended.stderr
    assert 0 != ended.returncode


def test_forty_downloads_that_hang_hold_up_no_others(
    app: App, carrier: FakeCarrier, start: Start, tmp_path: Path
) -> None:
    """B6: three good ones behind them are there before any of the others is asked a third time."""
    never = threading.Event()
    hang = Answer(hold=never)
    with app.sessions.begin() as db:
        call = new_call(db, ticket=new_ticket(db))
        queued = [new_recording(db, call, sid=f"RE{n}", state="expected", announced_at=NOW) for n in range(43)]
        for recording in queued:
            app.later.enqueue(db, "fetch_recording", recording.id)
    carrier.by_name = {f"RE{n}.wav": hang for n in range(40)}
    start(tmp_path / "one")
    wait_until(lambda: all(state(app, recording) == "fetched" for recording in queued[40:]))
    assert 2 >= max(Counter(request.path for request in carrier.requests).values())
    never.set()
