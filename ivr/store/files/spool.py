"""What reached us while the database did not answer: one small file a request, until the worker has taken it in."""

import json
import os
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy import exc

from ivr.store.files.disk import flush

log = structlog.get_logger()

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
        self.bad.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)  # mkdir gives the mode to the last folder only

    def append(self, form: Mapping[str, str], kind: str, turn: int | None = None) -> None:
        """Keep a request. Raises ``OSError`` when even the disk does not take it."""
        told = {"kind": kind, "turn": turn, "at": datetime.now(UTC).isoformat(), "form": dict(form)}
        line = json.dumps(told) + "\n"
        path = self.folder / f"{time.time_ns():020d}-{secrets.token_hex(4)}.json"
        unfinished = path.with_suffix(".part")
        with open(unfinished, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(line)
        flush(unfinished)
        unfinished.rename(path)
        flush(self.folder)

    def waiting(self) -> tuple[int, int]:
        """How many requests wait to be taken in, and how many were put aside."""
        return sum(1 for _ in self.folder.glob("*.json")), sum(1 for _ in self.bad.glob("*.json"))

    def drain(self, take: Callable[[Spooled], None]) -> None:
        """Hand every request to *take*, oldest first, and forget those it took.

        A request may be handed over twice, if we die in between: *take* must not mind. One that it cannot take
        for a reason of its own is put aside, so that it does not hold up the others; while the database is away,
        read-only, full or without its tables, everything stays where it is, and the database's error is raised.
        """
        for path in sorted(self.folder.glob("*.json")):
            try:
                take(_read(path))
            except Exception as error:
                if will_pass(error):
                    raise
                ending = path.stem.rpartition("-")[2]  # the digits before it would be masked as a telephone number
                log.error("a spooled request was put aside", ending=ending, error=type(error).__name__, exc_info=error)
                path.rename(self.bad / path.name)
            else:
                path.unlink(missing_ok=True)


def _read(path: Path) -> Spooled:
    kept = json.loads(path.read_text())
    return Spooled(kept["form"], kept["kind"], datetime.fromisoformat(kept["at"]), kept.get("turn"))
