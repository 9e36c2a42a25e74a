"""What a check says: fine, worth knowing, or wrong."""

from dataclasses import dataclass
from enum import StrEnum
from functools import partial


class Level(StrEnum):
    OK = "ok"
    NOTE = "note"
    BAD = "BAD"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a report. ``text`` names the thing first, then what is the matter and the remedy."""

    level: Level
    text: str

    def __str__(self) -> str:
        return f"{self.level:4}  {self.text}"


ok = partial(Finding, Level.OK)
note = partial(Finding, Level.NOTE)
bad = partial(Finding, Level.BAD)
