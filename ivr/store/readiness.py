"""Can calls be taken and kept just now? What stands in the way, as facts: each is tried, none is supposed."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as Waited

from ivr.store import schema, whole
from ivr.store.files.spool import Spool
from ivr.store.session import BUSY_TIMEOUT_MS

MIN_FREE_BYTES = 256 * 2**20  # about 250 messages of a minute, or the time to make room
TAKEN_IN_WITHIN_S = 120  # the worker looks every ten seconds
BACKUP_MARK = "last-backup"  # a file in the data folder that whatever makes the backups touches, see docs/backup.md
BACKUP_WITHIN_S = 26 * 3600  # once a day, and some time for it
READ_ONLY = ("readonly", "read-only")  # in what SQLite and PostgreSQL say
SAID = {  # what else they say when a transaction fails of them, and not of what it asked
    "database_busy": ("is locked", "lock timeout", "deadlock detected"),
    "disk_full": ("disk is full", "no space left"),
    "database_damaged": ("malformed", "not a database"),
}
A_WRITE = text("UPDATE hotline SET directory_version = directory_version WHERE id = 0")  # of no row at all


@dataclass(frozen=True, slots=True)
class Trouble:
    """``kind``: database_gone, database_away, database_old, database_read_only, folder_gone, folder_read_only or
    disk_full, of which ``free_mb`` says how full; database_damaged; of one transaction, database_busy; and what keeps
    no call from being taken: database_new, spool_waiting, spool_aside, backup_old."""

    kind: str
    free_mb: int = 0


def database(engine: Engine) -> Iterator[Trouble]:
    """Why the database cannot be used."""
    if engine.dialect.name == "sqlite" and not os.path.exists(engine.url.database or ""):
        yield Trouble("database_gone")  # what is open still answers, and keeps nothing
        return
    try:
        with engine.connect() as connection:
            if not schema.is_current(connection) and not schema.is_newer(connection):
                yield Trouble("database_old")
                return
        if not _takes_writes(engine):
            yield Trouble("database_read_only")
    except SQLAlchemyError:
        yield Trouble("database_away")


def ahead(engine: Engine) -> Iterator[Trouble]:
    """A later release has upgraded the database. What was kept before goes on in it, until its next upgrade."""
    try:
        with engine.connect() as connection:
            if schema.is_newer(connection):
                yield Trouble("database_new")
    except SQLAlchemyError:
        return


def why(engine: Engine, error: SQLAlchemyError) -> Trouble | None:
    """Why a transaction of the engine's ended in *error*; None: the fault is ours, and not the database's."""
    said = str(getattr(error, "orig", "")).lower()
    kinds = (kind for kind, words in SAID.items() if any(word in said for word in words))
    if kind := "database_busy" if isinstance(error, Waited) else next(kinds, None):
        return Trouble(kind)
    if found := next(database(engine), None) or next(ahead(engine), None):
        return found
    broken_off = isinstance(error, DBAPIError) and error.connection_invalidated
    return Trouble("database_away") if broken_off else None


def disk(folder: Path) -> Iterator[Trouble]:
    """Why the disk below the data folder cannot be used."""
    try:
        free_bytes = shutil.disk_usage(folder).free
    except OSError:
        yield Trouble("folder_gone")
        return
    if not os.access(folder, os.W_OK) or os.statvfs(folder).f_flag & os.ST_RDONLY:
        yield Trouble("folder_read_only")
    if free_bytes < MIN_FREE_BYTES:
        yield Trouble("disk_full", free_bytes >> 20)


def damage(engine: Engine, folder: Path) -> Iterator[Trouble]:
    """What the last look at SQLite's file found."""
    last = whole.last(folder) if engine.dialect.name == "sqlite" else None
    if last and not last.is_whole:
        yield Trouble("database_damaged")


def left_lying(spool: Spool, now_s: float) -> Iterator[Trouble]:
    """Requests on the disk that nobody takes in (``now_s``: the system's clock)."""
    if (spool.oldest_s(now_s) or 0) > TAKEN_IN_WITHIN_S:
        yield Trouble("spool_waiting")
    if next(spool.aside(), None):
        yield Trouble("spool_aside")


def backup(folder: Path, now_s: float) -> Iterator[Trouble]:
    """A backup that has not been made for more than a day; nothing is said where backups leave no mark."""
    made_s = backup_made_s(folder)
    if made_s is not None and now_s - made_s > BACKUP_WITHIN_S:
        yield Trouble("backup_old")


def backup_made_s(folder: Path) -> float | None:
    """When the last one left its mark, on the system's clock; None: backups leave none here."""
    try:
        return (folder / BACKUP_MARK).stat().st_mtime
    except OSError:
        return None


def _takes_writes(engine: Engine) -> bool:
    """Whether a write would be taken; one that only waits for another writer would. Raises ``SQLAlchemyError``."""
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if sqlite:
            connection.exec_driver_sql("PRAGMA busy_timeout=0")
        try:
            if sqlite:
                connection.exec_driver_sql("BEGIN")
            connection.execute(A_WRITE)
        except SQLAlchemyError as error:
            said = str(getattr(error, "orig", error)).lower()
            if any(word in said for word in READ_ONLY):
                return False
            if not (sqlite and isinstance(error, OperationalError) and "locked" in said):
                raise
        finally:
            connection.rollback()
            if sqlite:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    return True
