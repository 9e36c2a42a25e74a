"""Ringing the hotline from the command line, over a real socket."""

import re
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from werkzeug.serving import make_server

from ivr.app import App
from ivr.cli.demo import SAMPLE
from ivr.settings import Settings
from ivr.store.answering import roster
from ivr.store.models import ApiToken, Call, Ring, Staff
from ivr.store.session import Sessions
from tests.builders import new_helper, new_staff
from tests.cli.conftest import Run


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The address at which the hotline is served, once it is."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return settings.model_copy(update={"public_base_url": f"http://127.0.0.1:{free.getsockname()[1]}"})


@pytest.fixture
def served(app: App) -> Iterator[App]:
    """The hotline, answering on its address."""
    server = make_server("127.0.0.1", int(app.settings.base_url.rpartition(":")[2]), app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield app
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_call_from_the_terminal_is_a_call(served: App, run: Run, sessions: Sessions):
    """What is said is shown; the end of the input hangs up; the caller may withhold the number."""
    done = run("phone", "call", "--from", "withheld", typed="1\n")

    assert 0 == done.exit_code, done.output
    assert "买药请按1" in re.sub(r"\s", "", done.stdout)
    with sessions.read() as db:
        call = db.scalars(select(Call)).one()
        assert ("simulator", None) == (call.carrier, call.caller)


def test_a_day_loses_nothing(served: App, run: Run, sessions: Sessions):
    """Twelve calls of every kind; the token they were counted with is revoked afterwards."""
    run("directory", "import", SAMPLE)

    done = run("phone", "day", "--calls", "12", "--workers", "4")

    assert 0 == done.exit_code, done.output
    assert "lost: 0" in done.stdout
    with sessions.read() as db:
        assert 12 == len(db.scalars(select(Call)).all())
        assert db.scalars(select(ApiToken)).one().revoked_at


def test_a_staffed_day_loses_nobody(served: App, run: Run, sessions: Sessions):
    """Twenty volunteers for a few minutes, much faster than they are; afterwards they are gone from the roster."""
    run("directory", "import", SAMPLE)

    done = run("phone", "day", "--staffed", "--calls", "12", "--hours", "0.1", "--speed", "240")

    assert 0 == done.exit_code, done.output
    assert "rung twice at once: 0, two at one caller: 0, lost: 0" in done.stdout
    with sessions.read() as db:
        assert db.scalars(select(Ring)).all()
        assert 20 == len([each for each in db.scalars(select(Staff)) if each.disabled_at])
        assert [] == roster.on(db, datetime.now(UTC))


def test_nobody_is_rung_for_a_game(served: App, run: Run, sessions: Sessions):
    """Somebody is on shift: theirs is a real telephone."""
    run("directory", "import", SAMPLE)
    with sessions.begin() as db:
        new_helper(db, new_staff(db, "李"))

    done = run("phone", "day", "--staffed")

    assert (1, "") == (done.exit_code, done.stdout)
    assert "李 is on the line now" in done.stderr


def test_a_day_without_communities_has_nothing_to_say(served: App, run: Run):
    done = run("phone", "day")

    assert (1, "") == (done.exit_code, done.stdout)
    assert "flask directory import" in done.stderr


def test_a_hotline_that_does_not_run_is_told(run: Run, settings: Settings):
    done = run("phone", "call")

    assert (1, "") == (done.exit_code, done.stdout)
    assert f"Nobody answers at {settings.base_url}." in done.stderr


@pytest.mark.parametrize("option", ["--from", "--to"])
def test_a_number_that_is_none_is_refused(served: App, run: Run, option: str):
    assert 2 == run("phone", "call", option, "somebody").exit_code
