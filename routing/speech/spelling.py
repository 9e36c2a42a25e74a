"""One way to write what a language's callers, or their recogniser, write in several: can't and cannot are "can not".

A pack lists it (``[spelling]``), so its tables need each word only once. It is done to the tables as to the sentence.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from routing.speech.normalise import SPACES
from routing.speech.ways import ways

WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
ENDING = "-"  # -'s: of any word


@dataclass(frozen=True, slots=True)
class Spelling:
    """``words``: what is written instead of a whole word; ``endings``: instead of the end of one with an apostrophe."""

    words: Mapping[str, str] = field(default_factory=dict)
    endings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Mapping[str, list[str]]) -> "Spelling":
        """From a pack's table: how it is written, and as what it is heard."""
        heard = {way: written for written, entries in table.items() for entry in entries for way in ways(entry)}
        return cls(
            {way: written for way, written in heard.items() if not way.startswith(ENDING)},
            {way.removeprefix(ENDING): written for way, written in heard.items() if way.startswith(ENDING)},
        )

    def one(self, text: str) -> str:
        """A normal *text* in that one spelling, without the words that are written as nothing. Linear in time."""
        return SPACES.sub(" ", WORD.sub(self._word, text)).strip() if self.words else text

    def _word(self, found: re.Match[str]) -> str:
        word = found.group()
        if word in self.words:
            return self.words[word]
        if "'" in word:
            for ending, written in self.endings.items():
                if len(word) > len(ending) and word.endswith(ending):
                    return f"{self.one(word.removesuffix(ending))} {written}"
        return word
