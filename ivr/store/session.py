"""The database: one engine a process, and transactions that hold what was acknowledged."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event, exc
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from ivr.store import blind, same_file
from ivr.store.derived import places, silent, words
from ivr.store.models import blind as blinds
from ivr.store.models import sealed
from ivr.store.sealing import Keyring
from ivr.store.writers import WritersQueue

__all__ = ["Sessions", "make_engine", "places", "silent", "words"]  # the last three listen to every session's flushes

# For a lock, whoever has it. Twilio waits 15 s for a webhook, all repetitions included, then it asks the fallback URL;
# within them our answer has to be spooled and spoken. https://www.twilio.com/docs/api/errors/11205
BUSY_TIMEOUT_MS = 5_000
CONNECT_S = 5
UNHURRIED_MS = BUSY_TIMEOUT_MS - 100  # less is worth telling SQLite: somebody had to queue
RESTED_S = 2  # a connection that was in use so lately is there, or a restart has just cut it off: then we apologise
POOL_SIZE = 20  # the web process runs 16 threads


def make_engine(url: str, keys: Keyring | None = None) -> Engine:
    """An engine for SQLite (WAL, ``synchronous=FULL``: a commit survives a power cut) or PostgreSQL, that seals what it
    writes with these keys."""
    engine = _engine(url)
    if keys:
        sealed.use(engine.dialect, keys)
    return engine


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        patience = {"connect_timeout": CONNECT_S, "options": f"-c lock_timeout={BUSY_TIMEOUT_MS}"}
        engine = create_engine(url, pool_size=POOL_SIZE, hide_parameters=True, connect_args=patience)
        ask_the_rested(engine)
        return engine
    engine = create_engine(
        url, pool_size=POOL_SIZE, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}
    )

    @event.listens_for(engine, "connect")
    def configure(connection: DBAPIConnection, record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, see Sessions.begin
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    same_file.watch(engine)
    return engine


def ask_the_rested(engine: Engine) -> None:
    """Before a connection that was not used for a while is used again: is it still there? A new one otherwise.

    To ask every time would cost each webhook one more way to the database and back.
    """

    @event.listens_for(engine, "checkin")
    def rest(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        record.info["since_s"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: DBAPIConnection, record: ConnectionPoolEntry, proxy: Any) -> None:
        if time.monotonic() - record.info.get("since_s", math.inf) < RESTED_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise exc.DisconnectionError("the connection is gone") from error


class Sessions:
    """Opens transactions: ``begin()`` to write, ``read()`` to look.

    On SQLite a writer takes the write lock at its first word (``BEGIN IMMEDIATE``), so a read that leads to a
    write can never fail half-way. ``patience_s``: how long a writer waits for other writers, of this process and of
    others, before it fails with one of SQLAlchemy's ``TimeoutError`` and ``OperationalError``.
    """

    def __init__(self, engine: Engine, patience_s: float = BUSY_TIMEOUT_MS / 1000) -> None:
        self.engine = engine
        is_sqlite = engine.dialect.name == "sqlite"
        self.writers = WritersQueue(engine.url.database or "", patience_s) if is_sqlite else None

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A transaction that commits at the end of the block, or leaves nothing behind."""
        self._know_hashes()
        with self._begun() as session:
            yield session

    @contextmanager
    def _begun(self) -> Iterator[Session]:
        if self.writers is None:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                yield session
            return
        with self.writers.turn() as left_s, Session(self.engine, expire_on_commit=False) as session, session.begin():
            self._say(session, "BEGIN IMMEDIATE", round(1000 * left_s))
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A look at one consistent state; nothing is written."""
        self._know_hashes()
        with Session(self.engine, expire_on_commit=False) as session:
            if self.writers:
                self._say(session, "BEGIN", BUSY_TIMEOUT_MS)
            yield session

    def _know_hashes(self) -> None:
        """Before the first transaction with new keys; what uses hashes says so if they could not be had."""
        if not blinds.wanted(self.engine.dialect):
            return
        try:
            with self._begun() as session:
                found = blind.opened(session)
        except exc.SQLAlchemyError:
            return
        blinds.use(self.engine.dialect, found)  # they are committed

    def _say(self, session: Session, begin: str, patience_ms: int) -> None:
        """Begin SQLite's own transaction, and wait so long for somebody who does not queue with us.

        Straight to the driver: through the engine it costs as much as a question.
        """
        driver: Any = session.connection().connection.driver_connection
        hurried = patience_ms < UNHURRIED_MS
        try:
            if hurried:
                driver.execute(f"PRAGMA busy_timeout={patience_ms}")
            driver.execute(begin)
        except self.engine.dialect.loaded_dbapi.Error as error:
            raise exc.DBAPIError.instance(begin, None, error, Exception) from error
        finally:
            if hurried:
                driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
