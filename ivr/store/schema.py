"""Bringing the database to the version this code needs, and telling whether it is there."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from dbos import run_dbos_database_migrations
from sqlalchemy import Connection, Engine

UPGRADING = 0x484F544C  # the key of PostgreSQL's lock: "HOTL"
MIGRATIONS = Path(__file__).parent / "migrations"


class BrokenReferences(Exception):
    """An upgrade would have left rows that refer to nothing; it was taken back."""


def upgrade(engine: Engine) -> None:
    """Make or upgrade our tables and those of the job queue: all of ours or nothing, however it is interrupted.

    Safe to repeat; of two at once, one waits for the other and then finds nothing to do.
    """
    with _alone(engine):
        with _transaction(engine) as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        run_dbos_database_migrations(system_database_url=engine.url.render_as_string(hide_password=False))


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Wait until nobody else upgrades this database. The system lets go when whoever does so dies."""
    if engine.dialect.name == "sqlite":
        with open(f"{engine.url.database}-upgrade", "a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with engine.connect() as connection:
        connection.exec_driver_sql("SET lock_timeout = 0")  # this may take as long as the other's upgrade does
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({UPGRADING})")
        connection.commit()
        try:
            yield
        finally:
            connection.invalidate()  # its session ends, and the lock with it


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    """One transaction for every change. SQLite changes tables within one, too, if it is told to begin one.

    A table that Alembic copies is dropped: with foreign keys on, SQLite would delete what refers to it. So they are
    looked at once, at the end. Source: https://www.sqlite.org/lang_altertable.html#otheralter
    """
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            yield connection
        return
    with engine.connect() as connection:
        try:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")  # not within a transaction
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
                raise BrokenReferences(f"{len(broken)} rows refer to rows that are not there, in {broken[0][0]}")
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
        finally:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def is_current(connection: Connection) -> bool:
    """Whether every migration has been applied."""
    return _applied(connection) == ours().heads


def is_newer(connection: Connection) -> bool:
    """Whether a later release has upgraded it: a migration was applied that this code does not know."""
    return not _applied(connection) <= ours().known


def _applied(connection: Connection) -> set[str]:
    return set(MigrationContext.configure(connection).get_current_heads())


@dataclass(frozen=True, slots=True)
class Migrations:
    """Those of this code: the last, and all."""

    heads: frozenset[str]
    known: frozenset[str]


@cache
def ours() -> Migrations:
    """Read once a process: each is a module to load."""
    scripts = ScriptDirectory.from_config(_config())
    return Migrations(frozenset(scripts.get_heads()), frozenset(each.revision for each in scripts.walk_revisions()))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
