"""The words of one language and what they stand for, as its pack lists them.

A word stands for a *tag*, the path of the table it is listed in: ``needs.medicine.things``. It may stand for several.
How words are written in a pack:

- ``(胸口|心口)(疼|痛)?了?`` is every way to read it, with and without what a question mark follows;
- ``^对`` only counts at the beginning of a clause, ``help me$`` only at its end; particles (啊, please) do not matter;
- ``叫…不醒`` counts with up to five characters (in Latin script, words) in between, and no denial;
- ``{cannot} breathe``: each of the pack's group of that name (``[groups]``), which may name others.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from routing.speech.automaton import Automaton, Both
from routing.speech.normalise import HAN, closed, normal
from routing.speech.spelling import Spelling
from routing.speech.ways import filled, ways

ATOM = re.compile(rf"[{HAN}]|[^\W\d_{HAN}]+(?:'[^\W\d_{HAN}]+)*|\d+|\S")
GAP, GAP_NOTE = "…", "\ue000"
NOTES = str.maketrans({GAP: GAP_NOTE})  # normalising makes three dots of it
BETWEEN, BETWEEN_WORDS = r".{0,5}?", r"(?: \S+){0,5}? "  # in Chinese, and in what is written with spaces
GROUPS, SPELLING = "groups", "spelling"
ALIKE = "alike"  # words that are also known by their sound: routing/speech/alike.py
# Tables beside the words: sentences that show them, what digits are called, what the words are made of.
NO_WORDS = ("examples", "numerals", "values", "repeat", GROUPS, SPELLING)


class Rest:
    """What else must follow a word that is written with gaps: one of several *ways*, each in pieces."""

    def __init__(self, ways: Iterable[tuple[str, ...]], *, spaced: bool) -> None:
        self.ways, self.spaced = tuple(ways), spaced

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches right behind the word; its group is the first gap."""
        gap = BETWEEN_WORDS if self.spaced else BETWEEN
        pieces = (map(re.escape, map(str.strip, way)) for way in sorted(self.ways))
        end = r"\b" if self.spaced else ""
        return re.compile(rf"({gap})(?:{'|'.join(map(gap.join, pieces))}){end}")


@dataclass(frozen=True, slots=True)
class Sense:
    """What a word may stand for; ``first``, ``last``: only where nothing but particles stands before it, behind it."""

    tag: str
    first: bool = False
    last: bool = False
    rest: Rest | None = None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """``words``: every word, with its senses. ``spelling``: how a sentence is written before it is looked up."""

    words: Automaton[Sense] | Both[Sense]
    spelling: Spelling

    @classmethod
    def of(cls, tables: Mapping[str, Any]) -> "Lexicon":
        """From a pack's nested tables."""
        spelling = Spelling.of(tables.get(SPELLING, {}))
        return cls(Automaton(_listed(tables, spelling)), spelling)

    def also(self, tables: Mapping[str, Any]) -> "Lexicon":
        """With the words of more tables; made in no time, while making a language's own takes a second."""
        return Lexicon(self.words.also(_listed(tables, self.spelling)), self.spelling)

    def normal(self, word: str) -> str:
        """A word as it is looked up."""
        return self.spelling.one(closed(normal(word)))

    def tags(self, word: str) -> frozenset[str]:
        """All that just this normal word may stand for."""
        whole = (senses for end, senses in self.words.words(word, 0) if end == len(word))
        return frozenset(sense.tag for senses in whole for sense in senses)


def entries(tables: Mapping[str, Any], above: str = "", *, only: str = "") -> Iterator[tuple[str, str]]:
    """Every entry of nested tables with the path of its table; of lists with the name *only*, or of all but those."""
    for name, below in tables.items():
        if name in NO_WORDS:
            continue
        if isinstance(below, Mapping):
            yield from entries(below, f"{above}{name}.", only=only)
        elif (name == ALIKE) == (only == ALIKE):
            yield from ((above + name, entry) for entry in below)


def _listed(tables: Mapping[str, Any], spelling: Spelling) -> Iterator[tuple[str, Sense]]:
    """Every word of the tables, as it is looked up, with what it stands for."""
    groups = tables.get(GROUPS, {})
    for tag, entry in entries(tables):
        yield from _senses(tag, spelling.one(closed(normal(filled(entry, groups).translate(NOTES)))))


def _senses(tag: str, entry: str) -> Iterator[tuple[str, Sense]]:
    """An entry without its notes, with what it stands for; one with gaps in its alternatives is several."""
    first, last = entry.startswith("^"), entry.endswith("$")
    word, gap, behind = entry.removeprefix("^").removesuffix("$").partition(GAP_NOTE)
    if not gap:
        yield word, Sense(tag, first, last)
    elif word.count("(") == word.count(")"):
        rests = (tuple(way.split(GAP_NOTE)) for way in ways(behind))
        yield word.strip(), Sense(tag, first, last, Rest(rests, spaced=word.isascii()))
    else:
        for way in ways(entry):
            yield from _senses(tag, way)
