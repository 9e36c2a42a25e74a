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
from ivr.store.sealing import Keyring, Unreadable, sealed_with

log = structlog.get_logger()

VERSION = 1  # of a file; one without is of the releases before there were versions
BOUND = "spool"  # what a sealed one is bound to
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
    With keys it is sealed (see ``ivr.store.sealing``), and is no JSON then, whatever its name; what was written before
    there were any is taken all the same.
    """

    def __init__(self, folder: Path, keys: Keyring | None = None) -> None:
        self.keys = keys or Keyring()
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
        content = self.keys.seal((json.dumps(told) + "\n").encode(), BOUND)
        name = f"{time.time_ns():020d}-{secrets.token_hex(4)}.json"
        try:
            self._write(self.folder / name, content)
        except OSError as error:
            if error.errno not in FULL or not self.reserve.give_back():
                raise
            log.error("the disk is full: what was set aside of it is given back")
            self._write(self.folder / name, content)

    def _write(self, path: Path, content: bytes) -> None:
        unfinished = path.with_name(f"{path.stem}-{secrets.token_hex(4)}.part")
        try:
            with open(unfinished, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
                file.write(content)
            flush(unfinished)
            unfinished.rename(path)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise
        flush(path.parent)

    def files(self) -> Iterator[Path]:
        """All that wait or were put aside, oldest first."""
        yield from sorted(self.folder.glob("*.json"))
        yield from self.aside()

    def read(self, path: Path) -> Spooled:
        """Raises ``Unreadable``, ``OSError``, and what ``parsed`` raises."""
        return parsed(self.keys.open(_content(path), BOUND))

    def sealed_with(self, path: Path) -> str | None:
        """The id of the key under which it opens; None: it lies in the clear. Raises ``Unreadable`` and ``OSError``."""
        kept = _content(path)
        self.keys.open(kept, BOUND)
        return sealed_with(kept)

    def seal(self, path: Path) -> bool:
        """Have one of ``files`` sealed with the newest key; False when it was. Raises ``Unreadable`` and ``OSError``.

        One that a worker takes in meanwhile is back afterwards, and taken once more.
        """
        kept = _content(path)
        if sealed_with(kept) == self.keys.newest:
            return False
        self._write(path, self.keys.renewed(kept, BOUND))
        return True

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
                take(self.read(path))
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
        for path in (*self.folder.glob("*.part"), *self.bad.glob("*.part")):
            with suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > LEFT_OVER_S:
                    path.unlink()


def _content(path: Path) -> bytes:
    if path.stat().st_size > MAX_BYTES:
        raise Unreadable("it is too large to be a request")
    return path.read_bytes()


def parsed(content: bytes) -> Spooled:
    """Raises ``ValueError``, ``KeyError`` or ``TypeError`` for what is no request of a release that we know."""
    kept = json.loads(content)
    form, turn = kept["form"], kept.get("turn")
    if kept.get("version", VERSION) != VERSION:
        raise ValueError("this was kept by another release")
    if not isinstance(form, dict) or not all(isinstance(value, str) for value in form.values()):
        raise TypeError("this is no form")
    if not (turn is None or isinstance(turn, int)):
        raise TypeError("this is no turn")
    return Spooled(form, str(kept["kind"]), datetime.fromisoformat(kept["at"]), turn)
