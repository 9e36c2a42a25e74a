"""Is the database's file still the one that was opened? SQLite goes on in a deleted one, and all of it is lost."""

import os
from typing import Any

import structlog
from sqlalchemy import Engine, event, exc
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

log = structlog.get_logger()


def watch(engine: Engine) -> None:
    """Refuse to work in a file that is gone, and go on in the one that took its place.

    A look at the folder a transaction. Nothing makes a new file in the place of one that was there.
    """
    path = engine.url.database or ""
    if path in ("", ":memory:"):
        return
    opened = False

    @event.listens_for(engine, "do_connect")
    def not_anew(*_: Any) -> None:
        if opened and not os.path.exists(path):
            raise gone()

    @event.listens_for(engine, "connect")
    def remember(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        nonlocal opened
        opened, record.info["file"] = True, _file(path)

    @event.listens_for(engine, "checkout")
    def compare(connection: DBAPIConnection, record: ConnectionPoolEntry, proxy: Any) -> None:
        now = _file(path)
        if now is None:
            raise gone()
        if now != record.info["file"]:
            log.error("the database file was replaced", database=os.path.basename(path))
            raise exc.DisconnectionError("the database file was replaced")


def gone() -> exc.OperationalError:
    return exc.OperationalError("BEGIN", None, FileNotFoundError("the database file is gone"))


def _file(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
