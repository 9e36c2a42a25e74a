"""A load balancer learns whether to send calls here, and why not."""

import shutil
from collections import namedtuple

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from ivr import health
from ivr.app import App
from ivr.factory import create_app
from ivr.settings import Settings

Usage = namedtuple("Usage", "total used free")


def test_a_sound_hotline_is_alive_and_ready(client: FlaskClient):
    assert {"alive": True} == client.get("/healthz").json
    ready = client.get("/readyz")
    assert (200, {"ready": True, "reasons": []}) == (ready.status_code, ready.json)


def test_a_database_that_was_not_upgraded_is_a_reason(app: App, client: FlaskClient):
    """New code on old tables takes no calls until they are upgraded."""
    with app.sessions.begin() as db:
        db.execute(text("DELETE FROM alembic_version"))

    ready = client.get("/readyz")

    assert 503 == ready.status_code
    assert {"ready": False, "reasons": ["The database is not up to date. Run: flask db upgrade"]} == ready.json


@pytest.mark.parametrize("url", ["sqlite+pysqlite:////nowhere/at/all.db", "postgresql+psycopg://u:hush@127.0.0.1:1/db"])
def test_a_database_that_is_gone_is_a_reason_and_no_death(settings: Settings, url: str):
    """Restarting us would not bring it back; and nothing of its address is told."""
    client = create_app(settings.model_copy(update={"database_url": url})).test_client()

    ready = client.get("/readyz")

    assert (503, ["The database does not answer."]) == (ready.status_code, ready.json["reasons"])
    assert 200 == client.get("/healthz").status_code


def test_a_full_disk_is_a_reason(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(2**40, 2**40, health.MIN_FREE_BYTES - 1))

    ready = client.get("/readyz")

    assert (503, ["The disk is almost full: 255 MB are left."]) == (ready.status_code, ready.json["reasons"])


def test_a_data_folder_that_is_gone_is_a_reason(client: FlaskClient, settings: Settings):
    shutil.rmtree(settings.data_dir)

    assert ["The data folder is gone."] == client.get("/readyz").json["reasons"]
