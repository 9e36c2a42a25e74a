"""The words of one language and what they stand for, as its pack lists them.

A word stands for a *tag*, the path of the table it is listed in: ``needs.medicine.things``. It may stand for several.
How words are written in a pack:

- ``(胸口|心口)(疼|痛)?了?`` is every way to read it, with and without what a question mark follows;
- ``^对`` only counts at the beginning of a clause, ``help me$`` only at its end; particles (啊, please) do not matter;
- ``叫…不醒`` counts with up to five characters (in Latin script, words) in between, and no denial;
- ``{cannot} breathe``: each of the pack's group of that name (``[groups]``), which may name others.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from routing.speech.normalise import HAN, closed, normal
from routing.speech.spelling import Spelling
from routing.speech.ways import filled, ways

ATOM = re.compile(rf"[{HAN}]|[^\W\d_{HAN}]+(?:'[^\W\d_{HAN}]+)*|\d+|\S")
GAP = "…"
NOTES = str.maketrans({GAP: "\ue000"})  # normalising makes three dots of it
BETWEEN, BETWEEN_WORDS = r".{0,5}?", r"(?: \S+){0,5}? "  # in Chinese, and in what is written with spaces
GROUPS, SPELLING = "groups", "spelling"
ALIKE = "alike"  # words that are also known by their sound: routing/speech/alike.py
# Tables beside the words: sentences that show them, what digits are called, what the words are made of.
NO_WORDS = ("examples", "numerals", "repeat", GROUPS, SPELLING)


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
    """Looked up by a word's text. ``longest``: for the first atom of a word, how many atoms the longest one has.

    ``spelling``: how a sentence is written before anything in it is looked up.
    """

    senses: Mapping[str, tuple[Sense, ...]]
    longest: Mapping[str, int]
    spelling: Spelling

    @classmethod
    def of(cls, tables: Mapping[str, Any]) -> "Lexicon":
        """From a pack's nested tables."""
        spelling, groups = Spelling.of(tables.get(SPELLING, {})), tables.get(GROUPS, {})
        words: defaultdict[str, dict[tuple[str, bool, bool], set[tuple[str, ...]]]] = defaultdict(dict)
        for tag, entry in entries(tables):
            for text in ways(closed(normal(filled(entry, groups).translate(NOTES)))):
                way = spelling.one(text)
                word, *rest = way.removeprefix("^").removesuffix("$").split("\ue000")
                if word := word.strip():
                    words[word].setdefault((tag, way.startswith("^"), way.endswith("$")), set()).add(tuple(rest))
        longest: dict[str, int] = {}
        for word in words:
            atoms = ATOM.findall(word)
            longest[atoms[0]] = max(longest.get(atoms[0], 0), len(atoms))
        return cls({word: tuple(_senses(word, those)) for word, those in words.items()}, longest, spelling)


def entries(tables: Mapping[str, Any], above: str = "", *, only: str = "") -> Iterator[tuple[str, str]]:
    """Every entry of nested tables with the path of its table; of lists with the name *only*, or of all but those."""
    for name, below in tables.items():
        if name in NO_WORDS:
            continue
        if isinstance(below, Mapping):
            yield from entries(below, f"{above}{name}.", only=only)
        elif (name == ALIKE) == (only == ALIKE):
            yield from ((above + name, entry) for entry in below)


def _senses(word: str, those: Mapping[tuple[str, bool, bool], set[tuple[str, ...]]]) -> Iterator[Sense]:
    for where, rests in those.items():
        yield Sense(*where, None if () in rests else Rest(rests, spaced=word.isascii()))
