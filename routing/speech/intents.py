"""What an utterance means beside a community's name: a need, yes or no, "a person, please", an emergency.

The words are data of the packs; here is only how they are looked for.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Words = tuple[str, ...]

ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
NUMERALS = {
    **{character: str(digit) for digit, character in enumerate("零一二三四五六七八九")},
    **{word: str(digit) for digit, word in enumerate(ENGLISH)},
    "〇": "0",
    "幺": "1",
    "两": "2",
    "oh": "0",
}
NUMERAL = re.compile(r"\d|" + "|".join(sorted(NUMERALS, key=len, reverse=True)))
SILENT = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A pack's words. ``emergency`` maps the number to dial to its words, ``needs`` a need's key to its words."""

    emergency: Mapping[str, Words] = field(default_factory=dict)
    needs: Mapping[str, Words] = field(default_factory=dict)
    languages: Mapping[str, Words] = field(default_factory=dict)
    yes: Words = ()
    no: Words = ()
    hello: Words = ()
    again: Words = ()
    person: Words = ()
    unknown: Words = ()
    redo: Words = ()
    ordinals: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What was meant. ``needs`` in the order they were said; ``emergency`` the number to dial; ``ordinal`` from 1."""

    emergency: str | None = None
    needs: Words = ()
    language: str | None = None
    yes: bool = False
    no: bool = False
    hello: bool = False
    again: bool = False
    person: bool = False
    unknown: bool = False
    redo: bool = False
    ordinal: int | None = None


def understand(text: str, words: Vocabulary) -> Meaning:
    """Look for the vocabulary's words in *text*; any Unicode, an empty text means nothing."""
    heard = unicodedata.normalize("NFKC", text).casefold()
    needs = {need: place for need, those in words.needs.items() if (place := _first(those, heard)) is not None}
    no = _has(words.no, heard)
    return Meaning(
        emergency=next((number for number, those in words.emergency.items() if _has(those, heard)), None),
        needs=tuple(sorted(needs, key=needs.__getitem__)),
        language=next((code for code, those in words.languages.items() if _has(those, heard)), None),
        yes=not no and _has(words.yes, heard),
        no=no,
        hello=_is_only(words.hello, heard),
        again=_has(words.again, heard),
        person=_has(words.person, heard),
        unknown=_has(words.unknown, heard),
        redo=_has(words.redo, heard),
        ordinal=next((place for place, those in enumerate(words.ordinals, 1) if _has(those, heard)), None),
    )


def spoken_digits(text: str) -> str:
    """The digits of a number that was keyed or read out: 一三八, 1 3 8 and "one three eight" alike."""
    heard = unicodedata.normalize("NFKC", text).casefold()
    return "".join(NUMERALS.get(found) or str(int(found)) for found in NUMERAL.findall(heard))


def _pattern(word: str) -> str:
    """Chinese is written without spaces; a Latin word must stand by itself ("no" is not in "know")."""
    return rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word)


def _first(words: Iterable[str], heard: str) -> int | None:
    """Where the first of *words* begins in *heard*."""
    return min((found.start() for word in words if (found := re.search(_pattern(word), heard))), default=None)


def _has(words: Iterable[str], heard: str) -> bool:
    return _first(words, heard) is not None


def _is_only(words: Iterable[str], heard: str) -> bool:
    """Whether *heard* is made of these words and nothing else."""
    rest, found = heard, False
    for word in sorted(words, key=len, reverse=True):
        rest, times = re.subn(_pattern(word), " ", rest)
        found = found or times > 0
    return found and not SILENT.sub("", rest)
