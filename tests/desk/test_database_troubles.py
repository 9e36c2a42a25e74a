"""A database that cannot be used: every page says why and what to do, and none of it is an error of ours."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, event, text
from werkzeug.test import TestResponse

from ivr.app import App
from ivr.store.models import Recording
from ivr.store.people import tokens
from tests.builders import PASSWORD
from tests.desk.conftest import Visitor
from tests.desk.shell.test_guard import desk_routes, now

SQLITE, POSTGRESQL = ("sqlite",), ("postgresql",)
BOTH = SQLITE + POSTGRESQL

Spoil = Callable[[App, pytest.FixtureRequest], object]


def is_sqlite(app: App) -> bool:
    return app.sessions.engine.dialect.name == "sqlite"


def file_of(app: App) -> Path:
    return Path(app.sessions.engine.url.database or "")


def at_each_checkout(app: App, statement: str) -> None:
    @event.listens_for(app.sessions.engine, "checkout")
    def say(connection, *_) -> None:
        cursor = connection.cursor()
        cursor.execute(statement)
        cursor.close()
        if not is_sqlite(app):
            connection.commit()  # it holds from the next transaction on


def read_only(app: App, _: pytest.FixtureRequest) -> None:
    at_each_checkout(app, "PRAGMA query_only=ON" if is_sqlite(app) else "SET default_transaction_read_only = on")


def locked(app: App, request: pytest.FixtureRequest) -> object:
    """Somebody else holds it for longer than we are patient."""
    if is_sqlite(app):
        app.sessions.writers.patience_s = 0.05
        other = sqlite3.connect(file_of(app), isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        request.addfinalizer(other.close)
        return other
    at_each_checkout(app, "SET lock_timeout = 50")
    holder = app.sessions.engine.connect()
    holder.execute(text("LOCK TABLE login_sessions, staff, audit, login_tries IN ACCESS EXCLUSIVE MODE"))
    request.addfinalizer(holder.close)
    return holder


def gone(app: App, _: pytest.FixtureRequest) -> None:
    file_of(app).unlink()


def away(app: App, request: pytest.FixtureRequest) -> None:
    admin: Connection = request.getfixturevalue("postgresql_admin")
    name = app.sessions.engine.url.database
    admin.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
    admin.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name})


def damaged(app: App, _: pytest.FixtureRequest) -> None:
    app.sessions.engine.dispose()
    file_of(app).write_bytes(b"this is no database" * 10_000)


def of_version(version: str) -> Spoil:
    """Without one of the tables that we ask, as another release may have it."""

    def spoil(app: App, _: pytest.FixtureRequest) -> None:
        with app.sessions.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
            for table in ("login_sessions", "api_tokens", "login_tries"):
                connection.execute(text(f"ALTER TABLE {table} RENAME TO {table}_of_another_release"))

    return spoil


# State: on which databases, how it comes to it, what a page says in English and Chinese.
STATES: dict[str, tuple[tuple[str, ...], Spoil, str, str]] = {
    "read_only": (BOTH, read_only, "The database is read-only.", "数据库是只读的"),
    "locked": (BOTH, locked, "The database is busy.", "数据库正忙。"),
    "gone": (SQLITE, gone, "The database file is not there.", "数据库文件不见了。"),
    "away": (POSTGRESQL, away, "The database does not answer.", "数据库没有回应。"),
    "damaged": (SQLITE, damaged, "The database file is damaged", "数据库文件已损坏"),
    "old": (BOTH, of_version("0001"), "The database has not been upgraded.", "数据库还没有升级。"),
    "new": (BOTH, of_version("9999"), "upgraded to a later release", "数据库已升级到比本服务器更新的版本"),
}

ASK_NOTHING = {"open_link", "ask_code", "chart_script"}  # these pages need no database


@pytest.fixture(params=STATES)
def state(request: pytest.FixtureRequest, database_engine: str) -> str:
    if database_engine not in STATES[request.param][0]:
        pytest.skip("not of this database")
    return request.param


@pytest.fixture
def spoil(app: App, state: str, request: pytest.FixtureRequest) -> Callable[[], object]:
    return lambda: STATES[state][1](app, request)


@pytest.fixture(autouse=True)
def nothing_is_unhandled(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert [] == [each.getMessage() for each in caplog.get_records("call") if each.levelno >= logging.ERROR]


def says(answer: TestResponse, state: str) -> None:
    """The answer is 503, and its words are those of the state in the language that was asked for."""
    words = STATES[state][3 if '<html lang="zh-CN">' in answer.text else 2]
    assert (503, True) == (answer.status_code, words in answer.text), answer.text[-1500:]
    assert "60" == answer.headers["Retry-After"]


def test_every_page_says_why_it_cannot_be_shown(app: App, visitor: Visitor, state: str, spoil: Callable[[], object]):
    """F7, F8, F10, A110: pages that need nothing of what is missing are shown as ever."""
    visitor.log_in("supervisor")
    spoil()
    told = set()
    for language in ("en", "zh"):
        for endpoint, method, path in desk_routes(app):
            if method == "GET":
                answer = visitor.get(path, headers={"Accept-Language": language})
                if answer.status_code >= 500:
                    says(answer, state)
                    told.add((endpoint, language))
    pages = {endpoint for endpoint, method, _ in desk_routes(app) if method == "GET"} - ASK_NOTHING
    every = {(endpoint, language) for endpoint in pages for language in ("en", "zh")}
    assert (told <= every and told) if state in ("read_only", "locked") else told == every


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_was_sent_is_not_passed_over(
    app: App, visitor: Visitor, state: str, spoil: Callable[[], object], language: str
):
    """F7, F8: whoever sends a form is told why it was not taken, and to look whether it was."""
    visitor.log_in("supervisor")
    token = visitor.token
    spoil()
    headers = {"Accept-Language": language}
    answer = visitor.client.post("/desk/tickets/1/claim", data={"csrf_token": token}, headers=headers)
    says(answer, state)
    assert ("look whether it was saved" in answer.text) is (language == "en")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_who_logs_in_is_told_why_they_cannot(visitor: Visitor, state: str, spoil: Callable[[], object], language: str):
    """F7, F8"""
    token = visitor.token
    spoil()
    headers = {"Accept-Language": language}
    form = {"csrf_token": token, "name": "supervisor", "password": PASSWORD}
    says(visitor.client.post("/desk/login", data=form, headers=headers), state)


@pytest.mark.parametrize("path", ["/desk/nowhere", "/desk/tickets/999", "/desk/notices/channels/1", "/phone/nowhere"])
def test_a_wrong_address_is_no_error_of_ours_either(
    visitor: Visitor, state: str, spoil: Callable[[], object], path: str
):
    """Another page's refusal looks into the database, too, for a menu and for whom to ask."""
    visitor.log_in("officer")
    spoil()
    assert visitor.get(path).status_code in (403, 404, 503)


@pytest.mark.parametrize("what", ["tickets", "calls", "recordings"])
def test_other_systems_are_told_in_their_own_form(
    app: App, client: FlaskClient, desk: SimpleNamespace, spoil: Callable[[], object], what: str
):
    """F7, F8: and what could not be written down was not given."""
    with app.sessions.begin() as db:
        token = tokens.add(db, "another system", now())
        one = f"/{db.get_one(Recording, desk.recording).sid}" if what == "recordings" else ""
    spoil()
    answer = client.get(f"/api/v1/{what}{one}", headers={"Authorization": f"Bearer {token}"})
    assert (503, {"error"}, "60") == (answer.status_code, set(answer.json), answer.headers["Retry-After"])
    assert "atabase" in answer.json["error"]


def test_a_fault_of_ours_is_still_one(
    app: App, visitor: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """A95: a statement that no database understands is nobody's trouble but ours."""

    def broken(**values: object) -> None:
        with app.sessions.read() as db:
            db.execute(text("SELECT nothing FROM nowhere"))

    visitor.log_in("supervisor")
    app.testing = False
    monkeypatch.setitem(app.view_functions, "desk.show_inbox", broken)
    broken.rule = ("see_inbox",)
    answer = visitor.get("/desk/")
    assert (500, True) == (answer.status_code, "Something went wrong." in answer.text)
    assert ["Exception on /desk/ [GET]"] == [each.message for each in caplog.records if each.levelno >= logging.ERROR]
    caplog.clear()
