"""What reached us while the database did not answer: one small file a request, until the worker has taken it in."""

import errno
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy import exc

from ivr.store.files.disk import flush
from ivr.store.files.reserve import Reserve

log = structlog.get_logger()

VERSION = 1  # of a file; one without is of the releases before there were versions
MAX_BYTES = 16 * 2**20  # the longest form that is taken is two megabytes, and each of its letters may be written as six
LEFT_OVER_S = 600  # an unfinished file of so long ago is of a process that died
FULL = (errno.ENOSPC, errno.EDQUOT)
NEVER = (exc.IntegrityError, exc.DataError)  # the database looked at it and refused it


@dataclass(frozen=True, slots=True)
class Spooled:
    """A request that could not be handled: its form, what it was about, when it came, and which turn it answered."""

    form: Mapping[str, str]
    kind: str
    at: datetime
    turn: int | None = None


def will_pass(error: Exception) -> bool:
    """Whether a request that ended in *error* may be taken in later: the database is away, read-only, full or without
    its tables. Whatever it looked at and refused, and whatever is a fault of ours, stays as it is."""
    return isinstance(error, exc.SQLAlchemyError) and not isinstance(error, NEVER)


class Spool:
    """A folder of requests, oldest first. What ``append`` has returned from survives a power cut.

    A file a request, written under another name first: two processes never meet in one, and none is ever half there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bad = folder / "bad"
        self.reserve = Reserve(folder.parent / "reserve")
        self.bad.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)  # mkdir gives the mode to the last folder only

    def append(self, form: Mapping[str, str], kind: str, turn: int | None = None) -> None:
        """Keep a request, in the room that was set aside when there is no other.

        Raises ``OSError`` when even then the disk does not take it.
        """
        at = datetime.now(UTC).isoformat()
        told = {"version": VERSION, "kind": kind, "turn": turn, "at": at, "form": dict(form)}
        line = json.dumps(told) + "\n"
        try:
            self._write(line)
        except OSError as error:
            if error.errno not in FULL or not self.reserve.give_back():
                raise
            log.error("the disk is full: what was set aside of it is given back")
            self._write(line)

    def _write(self, line: str) -> None:
        path = self.folder / f"{time.time_ns():020d}-{secrets.token_hex(4)}.json"
        unfinished = path.with_suffix(".part")
        try:
            with open(unfinished, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
                file.write(line)
            flush(unfinished)
            unfinished.rename(path)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise
        flush(self.folder)

    def waiting(self) -> tuple[int, int]:
        """How many requests wait to be taken in, and how many were put aside."""
        return sum(1 for _ in self.folder.glob("*.json")), sum(1 for _ in self.bad.glob("*.json"))

    def oldest_s(self, now_s: float) -> float | None:
        """For how long the first of those that wait has waited, at this time of the system's clock; None: none does."""
        names = [path.name.partition("-")[0] for path in self.folder.glob("*.json")]
        began = [int(name) / 1e9 for name in names if name.isdecimal()]
        return max(0.0, now_s - min(began)) if began else None

    def aside(self) -> Iterator[Path]:
        """The files that were put aside, oldest first."""
        yield from sorted(self.bad.glob("*.json"))

    def try_again(self) -> int:
        """Have everything that was put aside taken in once more; how many there are."""
        found = list(self.aside())
        for path in found:
            path.rename(self.folder / path.name)
        return len(found)

    def drain(self, take: Callable[[Spooled], None]) -> None:
        """Hand every request to *take*, oldest first, and forget those it took.

        A request may be handed over twice, if we die in between: *take* must not mind. One that it cannot take
        for a reason of its own is put aside, so that it does not hold up the others; while the database is away,
        read-only, full or without its tables, everything stays where it is, and the database's error is raised.
        """
        self._clear()
        for path in sorted(self.folder.glob("*.json")):
            try:
                take(read(path))
            except Exception as error:
                if will_pass(error):
                    raise
                ending = path.stem.rpartition("-")[2]  # the digits before it would be masked as a telephone number
                log.error("a spooled request was put aside", ending=ending, error=type(error).__name__, exc_info=error)
                path.rename(self.bad / path.name)
            else:
                path.unlink(missing_ok=True)

    def _clear(self) -> None:
        """Remove what was never finished: nobody was told that it was kept."""
        for path in self.folder.glob("*.part"):
            with suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > LEFT_OVER_S:
                    path.unlink()


def read(path: Path) -> Spooled:
    """Raises ``ValueError``, ``KeyError`` or ``TypeError`` for what is no request of a release that we know."""
    if path.stat().st_size > MAX_BYTES:
        raise ValueError("this is too large to be a request")
    kept = json.loads(path.read_text("utf-8"))
    form, turn = kept["form"], kept.get("turn")
    if kept.get("version", VERSION) != VERSION:
        raise ValueError("this was kept by another release")
    if not isinstance(form, dict) or not all(isinstance(value, str) for value in form.values()):
        raise TypeError("this is no form")
    if not (turn is None or isinstance(turn, int)):
        raise TypeError("this is no turn")
    return Spooled(form, str(kept["kind"]), datetime.fromisoformat(kept["at"]), turn)
