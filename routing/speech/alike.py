"""Key words that a recogniser wrote with other characters of the same sound: 降鸭要 is 降压药.

Looked for only where nothing was understood by the words themselves. A pack lists them under ``alike``; they have two
syllables at least, for one alone sounds like too many words. What accents confuse (zh and z, ing and in) is the same.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from routing.speech.lexicon import ALIKE, entries
from routing.speech.meaning import COUNTS, Evidence
from routing.speech.phonetics import HAN, readings
from routing.speech.ways import ways

RUN = re.compile(f"{HAN.pattern}+")
KINDS = {"needs": "need", "emergencies": "emergency"}
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """What words stand for (need.medicine) by their syllables; ``longest`` in syllables, for each first one."""

    meanings: Mapping[Key, str]
    longest: Mapping[str, int]

    @classmethod
    def of(cls, tables: Mapping[str, Any]) -> "Alike":
        """From a pack's nested tables."""
        meanings: dict[Key, str] = {}
        longest: defaultdict[str, int] = defaultdict(int)
        for tag, entry in entries(tables, only=ALIKE):
            table, name, _ = tag.split(".")
            for word in ways(entry):
                for key in product(*map(_syllables, word)):  # 着 is zhe, and zhao in 着火
                    meanings[key] = f"{KINDS[table]}.{name}"
                    longest[key[0]] = max(longest[key[0]], len(key))
        return cls(meanings, longest)

    def found(self, text: str) -> list[Evidence]:
        """The words that *text* (normal and closed) sounds like, the longest at each place. Linear in time."""
        evidence = []
        for run in RUN.findall(text):
            said = tuple(_syllables(character)[0] for character in run)
            at = 0
            while at < len(said):
                for length in range(min(self.longest.get(said[at], 0), len(said) - at), 0, -1):
                    if meaning := self.meanings.get(said[at : at + length]):
                        evidence.append(Evidence(run[at : at + length], meaning, COUNTS))
                        at += length - 1
                        break
                at += 1
        return evidence


@cache
def _syllables(character: str) -> tuple[str, ...]:
    """How a character is read, usual first, as an accent that joins zh and z, ing and in would say it."""
    said = (re.sub("^([zcs])h", r"\1", reading) for reading in readings(character) or (character,))
    return tuple(reading.replace("ing", "in").replace("eng", "en") for reading in said)
