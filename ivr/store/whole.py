"""Is the database's file whole? What the last look at all its pages found, kept beside it and not in it: a damaged one
could not say so.

Of SQLite alone. PostgreSQL checks its pages itself when it reads them; `amcheck` looks at the others.
"""

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

MARK = "last-look"  # a file in the data folder
WHOLE = "ok"  # SQLite's own word
UNREADABLE = "cannot be read"


@dataclass(frozen=True, slots=True)
class Look:
    """``at_s``: on the system's clock. ``verdict``: ``WHOLE``, ``UNREADABLE`` or the first fault in SQLite's
    words, which name pages and tables and nothing of what is in them."""

    at_s: float
    verdict: str

    @property
    def is_whole(self) -> bool:
        return self.verdict == WHOLE


def check(engine: Engine) -> str:
    """The verdict on a file of SQLite. Reads every page: a third of a second for half a gigabyte that lies in memory.

    Indexes are not compared with their tables, which would take twenty times as long.
    """
    try:
        with engine.connect() as connection:
            return str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
    except SQLAlchemyError:
        return UNREADABLE


def look(engine: Engine, folder: Path) -> Look:
    """Check, and leave the mark. Raises ``OSError`` when the data folder takes none."""
    found = Look(time.time(), check(engine))
    new = folder / f"{MARK}.new"
    new.write_text(json.dumps({"at_s": found.at_s, "verdict": found.verdict}))
    os.replace(new, folder / MARK)
    return found


def last(folder: Path) -> Look | None:
    """What was found when somebody last looked; None: nobody did."""
    try:
        return Look(**json.loads((folder / MARK).read_text()))
    except (OSError, ValueError, TypeError):  # none, or one that is cut short
        return None
