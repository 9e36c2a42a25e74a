"""The newcomer's first minute."""

import re
import socket
from datetime import UTC, datetime

import pytest

from ivr.app import App
from ivr.factory import create_app
from ivr.settings import Settings
from ivr.store.directory import communities
from ivr.store.models import ROLES
from ivr.store.people import passwords
from ivr.store.session import Sessions
from tests.cli.conftest import Run


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return settings.model_copy(update={"port": free.getsockname()[1]})


def test_an_empty_installation_gets_all_that_a_newcomer_needs(run: Run, sessions: Sessions):
    """A directory, and for each role a person who can log in with the password that was printed."""
    done = run("demo")

    printed = dict(re.findall(r"Log in as +(\S+) +password +(\S+)", done.stdout))
    assert list(ROLES) == list(printed)
    for name, password in printed.items():
        assert name == passwords.authenticate(sessions, name, password, datetime.now(UTC)).role
    with sessions.read() as db:
        assert 31 == len(communities.load(db))
    assert ["http://localhost/phone/", "http://localhost/desk/"] == re.findall(r"http://\S+", done.stdout)


def test_a_second_time_keeps_everything(run: Run, sessions: Sessions):
    """No password is shown again, and none is made anew."""
    run("staff", "add", "li", "--role", "admin", "--password-stdin", typed="ginkgo-lane-at-dawn")

    assert "password" not in run("demo").stdout
    assert "password" not in run("demo").stdout
    assert "" == run("demo").stderr


def test_a_taken_port_is_told_at_once(app: App, run: Run, settings: Settings):
    """One line with another port to try, before anything is touched."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", settings.port))
        other.listen()
        done = run("demo")

    assert (1, "") == (done.exit_code, done.stdout)
    assert f"Port {settings.port} is in use" in done.stderr


def test_it_migrates_a_database_that_has_nothing(settings: Settings, tmp_path):
    fresh = create_app(settings.model_copy(update={"database_url": f"sqlite+pysqlite:///{tmp_path}/fresh.db"}))

    assert 0 == fresh.test_cli_runner().invoke(args=["demo"]).exit_code
    fresh.sessions.engine.dispose()
