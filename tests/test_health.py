"""A load balancer learns whether to send calls here, and why not."""

import os
import shutil
import time
from collections import namedtuple
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, text

from ivr.app import App
from ivr.factory import create_app
from ivr.settings import Settings
from ivr.store import hotline, readiness, workers
from tests.builders import new_channel, new_community, new_phone, new_rule, new_staff

Usage = namedtuple("Usage", "total used free")


def test_a_sound_hotline_is_alive_and_ready(client: FlaskClient):
    assert {"alive": True} == client.get("/healthz").json
    ready = client.get("/readyz")
    assert (200, True, []) == (ready.status_code, ready.json["ready"], ready.json["reasons"])


def test_what_keeps_callers_from_being_helped_is_a_warning(app: App, client: FlaskClient):
    """O17: a dead worker, nobody who could look, nobody who is told: calls are taken, and it is said."""
    warnings = client.get("/readyz").json["warnings"]
    for told in (
        "No worker gives a sign",
        "Nobody can log in",
        "no supervisor",
        "No community",
        "Nobody is notified",
        "ever rung",
    ):
        assert any(told in warning for warning in warnings), told
    with app.sessions.begin() as db:
        workers.beat(db, "worker-0", datetime.now(UTC))
        new_staff(db, role="supervisor")
        new_community(db)
        new_rule(db, new_channel(db))
        hotline.settings(db).duty_phone = new_phone(db, "+8657455500130")
    assert {"ready": True, "reasons": [], "warnings": []} == client.get("/readyz").json


def test_a_database_that_keeps_nothing_is_a_reason(app: App, client: FlaskClient):
    """O17: read-only, as after a failover."""

    @event.listens_for(app.sessions.engine, "checkout")
    def read_only(connection, *_):
        sqlite = app.sessions.engine.dialect.name == "sqlite"
        cursor = connection.cursor()
        cursor.execute("PRAGMA query_only=ON" if sqlite else "SET default_transaction_read_only = on")
        cursor.close()

    ready = client.get("/readyz")
    reason = "The database is read-only: nothing that callers say can be kept in it."
    assert (503, [reason]) == (ready.status_code, ready.json["reasons"])


def test_another_writer_is_no_reason(app: App, client: FlaskClient):
    """O17: and nobody waits for it."""
    with app.sessions.begin() as db:
        hotline.settings(db).duty_hours = {}
        begun = time.monotonic()
        assert client.get("/readyz").json["ready"]
        assert time.monotonic() - begun < 3


def test_a_database_file_that_was_deleted_is_a_reason(app: App, client: FlaskClient):
    """O17: what is open still answers, and keeps nothing."""
    if app.sessions.engine.dialect.name == "sqlite":
        Path(app.sessions.engine.url.database).unlink()
        assert ["The database file is not there. Restore it, or run: flask db upgrade"] == client.get("/readyz").json[
            "reasons"
        ]
    assert 200 == client.get("/healthz").status_code


def test_a_folder_that_cannot_be_written_to_is_a_reason(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    """O17"""
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    assert ["The data folder cannot be written to."] == client.get("/readyz").json["reasons"]


def test_a_database_that_was_not_upgraded_is_a_reason(app: App, client: FlaskClient):
    """New code on old tables takes no calls until they are upgraded."""
    with app.sessions.begin() as db:
        db.execute(text("DELETE FROM alembic_version"))

    ready = client.get("/readyz")

    assert 503 == ready.status_code
    assert (False, ["The database is not up to date. Run: flask db upgrade"]) == (
        ready.json["ready"],
        ready.json["reasons"],
    )


def test_a_database_of_a_later_release_is_a_warning(app: App, client: FlaskClient):
    """F19: of two hosts the first upgrades the tables; the other one goes on taking calls, and says what to do."""
    with app.sessions.begin() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    ready = client.get("/readyz")

    assert (200, []) == (ready.status_code, ready.json["reasons"])
    assert "A later release has upgraded the database. Install and start that one here too." in ready.json["warnings"]


@pytest.mark.parametrize("url", ["sqlite+pysqlite:////nowhere/at/all.db", "postgresql+psycopg://u:hush@127.0.0.1:1/db"])
def test_a_database_that_is_gone_is_a_reason_and_no_death(settings: Settings, url: str):
    """F10: Restarting us would not bring it back; and nothing of its address is told."""
    client = create_app(settings.model_copy(update={"database_url": url})).test_client()

    ready = client.get("/readyz")

    away = ["The database does not answer.", "The database file is not there. Restore it, or run: flask db upgrade"]
    assert (503, [away[url.startswith("sqlite")]]) == (ready.status_code, ready.json["reasons"])
    assert 200 == client.get("/healthz").status_code


def test_a_full_disk_is_a_reason(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(2**40, 2**40, readiness.MIN_FREE_BYTES - 1))

    ready = client.get("/readyz")

    assert (503, ["The disk is almost full: 255 MB are left."]) == (ready.status_code, ready.json["reasons"])


def test_a_data_folder_that_is_gone_is_a_reason(client: FlaskClient, settings: Settings):
    shutil.rmtree(settings.data_dir)

    assert ["The data folder is gone."] == client.get("/readyz").json["reasons"]


def test_requests_that_nobody_takes_in_and_an_old_backup_are_warnings(app: App, client: FlaskClient):
    """Calls are taken all the same."""
    long_ago = f"{time.time_ns() - 600 * 10**9:020d}"
    (app.spool.folder / f"{long_ago}-aa.json").write_text("{}")
    (app.spool.bad / "1-a.json").write_text("{}")
    mark = app.settings.data_dir / readiness.BACKUP_MARK
    mark.touch()
    os.utime(mark, (0, 0))
    ready = client.get("/readyz")
    assert 200 == ready.status_code
    for told in ("wait on the disk", "were given up", "last backup"):
        assert any(told in warning for warning in ready.json["warnings"]), told
