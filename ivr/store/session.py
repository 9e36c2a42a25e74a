"""The database: one engine a process, and transactions that hold what was acknowledged."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event, exc
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session

from ivr.store.derived import places, silent, words

__all__ = ["Sessions", "make_engine", "places", "silent", "words"]  # the last three listen to every session's flushes

BUSY_TIMEOUT_MS = 5_000  # for a lock; a carrier waits 15 s for our answer
CONNECT_S = 5
POOL_SIZE = 20  # the web process runs 16 threads


def make_engine(url: str) -> Engine:
    """An engine for SQLite (WAL, ``synchronous=FULL``: a commit survives a power cut) or PostgreSQL."""
    if not url.startswith("sqlite"):
        patience = {"connect_timeout": CONNECT_S, "options": f"-c lock_timeout={BUSY_TIMEOUT_MS}"}
        return create_engine(url, pool_size=POOL_SIZE, pool_pre_ping=True, hide_parameters=True, connect_args=patience)
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

    return engine


class WritersQueue:
    """Lets the writers of one SQLite file in one by one: SQLite itself sleeps and retries, which is unfair.

    Threads queue on a lock, processes on a locked file beside the database, which the system releases when its
    owner dies. With 16 calls at once it took the p99 of a webhook from 1,900 to 280 ms.
    """

    def __init__(self, database: str) -> None:
        self.path = f"{database}-writers"
        self.threads = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Raises SQLAlchemy's ``TimeoutError`` when the others take too long."""
        if not self.threads.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
            raise exc.TimeoutError("the database is busy")
        try:
            with open(self.path, "a") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield
        finally:
            self.threads.release()


class Sessions:
    """Opens transactions: ``begin()`` to write, ``read()`` to look.

    On SQLite a writer takes the write lock at its first word (``BEGIN IMMEDIATE``), so a read that leads to a
    write can never fail half-way.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.writers = WritersQueue(engine.url.database or "") if engine.dialect.name == "sqlite" else None

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A transaction that commits at the end of the block, or leaves nothing behind."""
        if self.writers is None:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                yield session
            return
        with self.writers.turn(), Session(self.engine, expire_on_commit=False) as session, session.begin():
            session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A look at one consistent state; nothing is written."""
        with Session(self.engine, expire_on_commit=False) as session:
            if self.writers:
                session.connection().exec_driver_sql("BEGIN")
            yield session
