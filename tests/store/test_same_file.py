"""SQLite goes on in a file that was deleted; we do not."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import exc

from ivr.app import App
from ivr.store import hotline
from ivr.store.session import make_engine
from tests.voice.sender import CALL, Sender


@pytest.fixture
def file(app: App) -> Path:
    if app.sessions.engine.dialect.name != "sqlite":
        pytest.skip("a server keeps its own files")
    with app.sessions.begin() as db:
        hotline.settings(db).claim_lapses_min = 7
    with app.sessions.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(app.sessions.engine.url.database or "")


def test_a_deleted_file_takes_nothing(app: App, file: Path) -> None:
    """B7: not from a connection that is open, nor from a new one; and no empty file takes its place."""
    file.unlink()
    for _ in range(2):
        with pytest.raises(exc.OperationalError, match="gone"), app.sessions.begin():
            pytest.fail("a transaction began")
    app.sessions.engine.dispose()
    with pytest.raises(exc.OperationalError, match="gone"), app.sessions.read():
        pytest.fail("a transaction began")
    assert not file.exists()


def test_what_is_said_meanwhile_waits_on_the_disk(app: App, file: Path) -> None:
    """B7: an apology and the beep instead of an answer that nobody will know of; it is taken in when it is back."""
    copy = file.with_name("copy.db")
    shutil.copy(file, copy)
    file.unlink()
    sender = Sender(app.test_client())
    sender.post("/voice/incoming", CALL)
    assert (1, 0) == app.spool.waiting()
    copy.rename(file)
    sender.post("/voice/incoming", CALL)
    assert (1, 0) == app.spool.waiting()


def test_a_file_in_its_place_is_used_from_then_on(app: App, file: Path) -> None:
    """Restored under a running server: what is read and written is the new one."""
    copy = file.with_name("copy.db")
    shutil.copy(file, copy)
    other = make_engine(f"sqlite+pysqlite:///{copy}")
    with other.connect() as connection:
        connection.exec_driver_sql("UPDATE hotline SET claim_lapses_min = 9")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    other.dispose()
    copy.rename(file)
    with app.sessions.read() as db:
        assert 9 == hotline.settings(db).claim_lapses_min
