"""A night's look at every page of SQLite's file, and who hears of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import text

from ivr.app import App
from ivr.jobs.look_over import look_over
from ivr.store import whole, workers
from tests.builders import new_staff
from tests.desk.conftest import Visitor
from tests.metrics.test_page import numbers

NIGHT = datetime(2026, 3, 1, 19, 30, tzinfo=UTC)  # half past three in Ningbo
FAILED = "Something of the hotline has failed"


@pytest.fixture(autouse=True)
def sqlite_alone(app: App) -> None:
    if not app.settings.sqlite:
        pytest.skip("PostgreSQL checks its own pages")


def looked(app: App, at: datetime) -> whole.Look | None:
    with time_machine.travel(at, tick=False):
        look_over(app)
    return whole.last(app.settings.data_dir)


@dataclass(frozen=True)
class File:
    """The database's, and what was in it when it was whole."""

    path: Path
    whole: bytes


@pytest.fixture
def damaged(app: App) -> File:
    """Bytes overwritten in a table that nobody asks, as by a dying disk: all others can still be read."""
    with app.sessions.begin() as db:
        db.execute(text("CREATE TABLE unasked (words TEXT)"))
        db.execute(text("INSERT INTO unasked VALUES (:words)"), [{"words": f"{n}" * 500} for n in range(100)])
        workers.beat(db, "worker-0", datetime.now(UTC))
    with app.sessions.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
        root = connection.exec_driver_sql("SELECT rootpage FROM sqlite_schema WHERE name = 'unasked'").scalar_one()
    app.sessions.engine.dispose()
    path = Path(app.sessions.engine.url.database or "")
    file = File(path, path.read_bytes())
    with path.open("r+b") as opened:
        opened.seek((root - 1) * size)
        opened.write(b"\xa5" * 64)
    return file


def test_a_whole_file_is_found_whole_once_a_night(app: App):
    """F10: at first and then every night, whichever worker it is, and at no other hour."""
    first = looked(app, NIGHT + timedelta(hours=9))
    assert first
    assert first.is_whole
    assert first == looked(app, NIGHT + timedelta(hours=10))
    second = looked(app, NIGHT + timedelta(days=1))
    assert second
    assert second.at_s == (NIGHT + timedelta(days=1)).timestamp()
    assert second == looked(app, NIGHT + timedelta(days=1, minutes=40))


def test_a_mark_that_was_cut_short_is_none(app: App):
    (app.settings.data_dir / whole.MARK).write_text('{"at_s": 17')
    assert whole.last(app.settings.data_dir) is None
    assert looked(app, NIGHT)


@pytest.mark.usefixtures("damaged")
def test_a_damaged_file_is_said_wherever_somebody_looks(app: App):
    """F10: the balancer, the desk, the numbers and the doctor."""
    with app.sessions.begin() as db:
        new_staff(db, "supervisor", role="supervisor")
    visitor = Visitor(app.test_client())
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    visitor.log_in("supervisor")
    assert 200 == visitor.client.get("/readyz").status_code
    assert FAILED not in visitor.get("/desk/").text

    look_over(app)

    ready = visitor.client.get("/readyz")
    assert 503 == ready.status_code
    assert any(reason.startswith("The database file is damaged.") for reason in ready.json["reasons"])
    assert FAILED in visitor.get("/desk/").text
    assert "The database file is damaged" in visitor.get("/desk/overview").text
    assert 0 == numbers(app)["hotline_database_whole",]
    told = app.test_cli_runner().invoke(args=["doctor"]).stdout
    assert "BAD   SQLite: the file is damaged" in told
    assert "found it damaged" in told


def test_a_restored_file_is_known_to_be_whole(app: App, damaged: File):
    """F10: by day, too, and without anybody's word."""
    noon = NIGHT + timedelta(hours=9)
    first = looked(app, noon)
    assert first
    assert not first.is_whole
    assert first == looked(app, noon + timedelta(minutes=1))
    app.sessions.engine.dispose()
    damaged.path.write_bytes(damaged.whole)
    second = looked(app, noon + timedelta(minutes=10))
    assert second
    assert second.is_whole
