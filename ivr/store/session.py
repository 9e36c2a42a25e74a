"""The database: one engine a process, and transactions that hold what was acknowledged."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session

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


class Sessions:
    """Opens transactions: ``begin()`` to write, ``read()`` to look.

    On SQLite a writer takes the write lock at its first word (``BEGIN IMMEDIATE``), so a read that leads to a
    write can never fail half-way; and the writers of one process queue on a lock of our own, because SQLite's
    sleep-and-retry is unfair: its p99 is near a second with 16 threads.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.sqlite = engine.dialect.name == "sqlite"
        self.writers = threading.Lock()

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A transaction that commits at the end of the block, or leaves nothing behind."""
        if not self.sqlite:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                yield session
            return
        with self.writers, Session(self.engine, expire_on_commit=False) as session, session.begin():
            session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A look at one consistent state; nothing is written. What was loaded stays readable afterwards."""
        with Session(self.engine, expire_on_commit=False) as session:
            if self.sqlite:
                session.connection().exec_driver_sql("BEGIN")
            yield session
