"""The words of one language and what they stand for, as its pack lists them.

A word stands for a *tag*, the path of the table it is listed in: ``needs.medicine.things``. It may stand for several.
How words are written in a pack:

- ``(胸口|心口)(疼|痛)?了?`` is every way to read it, with and without what a question mark follows;
- ``^对`` only counts at the beginning of a clause, ``help me$`` only at its end; particles (啊, please) do not matter;
- ``叫…不醒`` counts with up to ``MOST_BETWEEN`` characters (in Latin script, words) in between;
- ``{cannot} breathe``: each of the pack's group of that name (``[groups]``), which may name others.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from routing.speech.normalise import HAN, closed, normal
from routing.speech.spelling import Spelling
from routing.speech.ways import filled, ways

ATOM = re.compile(rf"[{HAN}]|[^\W\d_{HAN}]+(?:'[^\W\d_{HAN}]+)*|\d+|\S")
GAP = "…"
NOTES = str.maketrans({GAP: "\ue000"})  # normalising makes three dots of it
MOST_BETWEEN = 5
GROUPS, SPELLING = "groups", "spelling"
NO_WORDS = (  # tables beside the words: sentences that show them, what digits are called, what the words are made of
    "examples",
    "numerals",
    "repeat",
    GROUPS,
    SPELLING,
)


@dataclass(frozen=True, slots=True)
class Sense:
    """One thing a word may stand for; ``first`` and ``last``: only where nothing but particles stands before, behind.

    ``rest``: what else must follow at a small distance, for a word that is written with gaps.
    """

    tag: str
    first: bool = False
    last: bool = False
    rest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Looked up by a word's text. ``longest``: for the first atom of a word, how many atoms the longest one has.

    ``spelling``: how a sentence is written before anything in it is looked up.
    """

    senses: Mapping[str, tuple[Sense, ...]]
    longest: Mapping[str, int]
    spelling: Spelling

    @classmethod
    def of(cls, tables: Mapping[str, Any], common: Iterable[str] = ()) -> "Lexicon":
        """From a pack's nested tables. *common* words stand for nothing: they show where others begin and end."""
        senses: defaultdict[str, list[Sense]] = defaultdict(list)
        for word in common:
            senses[word] = []
        spelling, groups = Spelling.of(tables.get(SPELLING, {})), tables.get(GROUPS, {})
        for tag, entry in entries(tables):
            for text in ways(closed(normal(filled(entry, groups).translate(NOTES)))):
                sense, word = _sense(tag, spelling.one(text))
                if word and sense not in senses[word]:
                    senses[word].append(sense)
        longest: dict[str, int] = {}
        for word in senses:
            atoms = ATOM.findall(word)
            longest[atoms[0]] = max(longest.get(atoms[0], 0), len(atoms))
        return cls({word: tuple(those) for word, those in senses.items()}, longest, spelling)


def entries(tables: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Every entry of nested tables with the path of its table."""
    for name, below in tables.items():
        if name in NO_WORDS:
            continue
        if isinstance(below, Mapping):
            yield from entries(below, f"{above}{name}.")
        else:
            yield from ((above + name, entry) for entry in below)


def _sense(tag: str, text: str) -> tuple[Sense, str]:
    first, last = text.startswith("^"), text.endswith("$")
    word, *rest = text.removeprefix("^").removesuffix("$").split("\ue000")
    return Sense(tag, first, last, tuple(rest)), word
