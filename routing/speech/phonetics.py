"""How does a piece of text sound, and how far are two sounds apart?

A *syllable* is a number into ``SYLLABLES`` (toneless pinyin, ü as v). A *sound* is the row of syllables a character may
be read as, usual one first, ``NO_SYLLABLE`` filling the rest. Distances are those of ``data/sounds.toml``: 0 the same,
1 nothing in common.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from pypinyin import Style, pinyin
from pypinyin.contrib.mmseg import seg as words

DATA = files("routing") / "data"
TABLE = tomllib.loads((DATA / "sounds.toml").read_text("utf-8"))
NINGBO = tomllib.loads((DATA / "ningbo.toml").read_text("utf-8"))
LOCAL: dict[str, str] = tomllib.loads((DATA / "readings.toml").read_text("utf-8"))
SYLLABLES: tuple[str, ...] = tuple(TABLE["syllables"].split())
NUMBER = {syllable: n for n, syllable in enumerate(SYLLABLES)}
NO_SYLLABLE = len(SYLLABLES)  # the last row and column of COST: far from everything
READINGS = 3  # of one character; rarer ones only make noise
HAN = re.compile("[〇㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]")
Sound = tuple[int, ...]


def halves(syllable: str) -> tuple[str, str]:
    """Initial and final of a toneless syllable; ``_`` for no initial: yan → _ ian, ju → j v, wei → _ uei."""
    initial = re.match("zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?", syllable)
    start, final = (initial.group(), syllable[initial.end() :]) if initial else ("", syllable)
    if start == "y":
        final = {"u": "v", "ue": "ve", "uan": "van", "un": "vn", "ou": "iou", "o": "o"}.get(
            final, final if final.startswith("i") else "i" + final
        )
    elif start == "w":
        final = final if final == "u" else "u" + final
    elif start in ("j", "q", "x") and final.startswith("u"):
        final = "v" + final[1:]
    final = {"iu": "iou", "ui": "uei", "un": "uen"}.get(final, final)
    return ("_" if start in ("", "y", "w") else start), final


def _distances(half: int, pairs: dict[str, list[str]]) -> NDArray[np.float32]:
    of = [halves(syllable)[half] for syllable in SYLLABLES]
    names = sorted(set(of))
    between = np.full((len(names), len(names)), TABLE["unrelated"], np.float32)
    np.fill_diagonal(between, 0)
    for cost, listed in pairs.items():
        for a, b in (pair.split() for pair in listed):
            i, j = names.index(a), names.index(b)
            between[i, j] = between[j, i] = min(between[i, j], float(cost))
    at = [names.index(name) for name in of]
    return between[np.ix_(at, at)]


def _costs() -> NDArray[np.float32]:
    costs = np.full((NO_SYLLABLE + 1, NO_SYLLABLE + 1), 2.0, np.float32)
    accent = str(NINGBO["distance"])
    initials, finals = (_both(table, accent) for table in ("initials", "finals"))
    costs[:NO_SYLLABLE, :NO_SYLLABLE] = _distances(0, initials) + _distances(1, finals)
    for one, other in (map(NUMBER.__getitem__, pair.split()) for pair in NINGBO["syllables"]):
        costs[one, other] = costs[other, one] = min(costs[one, other], NINGBO["distance"])
    return costs


def _both(halves: str, accent: str) -> dict[str, list[str]]:
    """The distances of these halves of syllables, by cost, with what Ningbo's speakers make of them at *accent*."""
    accented = [*NINGBO[halves], *(NINGBO["voiced"] if halves == "initials" else [])]
    return {**TABLE[halves], accent: [*TABLE[halves].get(accent, []), *accented]}


COST = _costs()  # (syllables + 1, syllables + 1)
READING_FEES = TABLE["other_reading"] * np.arange(READINGS, dtype=np.float32)


@cache
def _listed(character: str) -> tuple[str, ...]:
    """What the dictionary knows of one character, usual reading first; nothing of one it does not know."""
    known = pinyin(character, heteronym=True, style=Style.NORMAL, errors="ignore")
    return tuple(dict.fromkeys(known[0])) if known else ()


@cache
def readings(character: str) -> tuple[str, ...]:
    """What one Han character may be read as, usual first; local usage before the dictionary's."""
    of = chain(LOCAL.get(character, "").split(), _listed(character))
    return tuple(dict.fromkeys(reading for reading in of if reading in NUMBER))[:READINGS]


def sounds(text: str, *, every_reading: bool) -> list[Sound]:
    """The sound of each character of a run of Han characters.

    The context decides which reading comes first (行 in 银行 is hang); *every_reading* lets the others follow: right
    for what was heard, where a recogniser chose the character. For published names only local readings follow.
    """
    said = chain.from_iterable(map(_said, words.cut(text)))
    return [_sound(character, usual, every_reading) for character, usual in zip(text, said, strict=True)]


@cache
def _said(word: str) -> tuple[str, ...]:
    """The usual reading of each character of one dictionary word, or of one character; of an unknown one itself."""
    if len(word) == 1:
        return _listed(word)[:1] or (word,)
    return tuple(chain.from_iterable(pinyin(word, style=Style.NORMAL)))


@cache
def _sound(character: str, usual: str, every_reading: bool) -> Sound:
    local = LOCAL.get(character, "").split()
    named = [*local, *NINGBO["entering"].get(character, "").split()]
    ordered = dict.fromkeys([*local[:1], usual, *(readings(character) if every_reading else named)])
    return sound(*(reading for reading in ordered if reading in NUMBER))


def sound(*syllables: str) -> Sound:
    """A sound from written syllables, none for one that matches nothing."""
    known = [NUMBER[syllable] for syllable in syllables[:READINGS]]
    return tuple(known + [NO_SYLLABLE] * (READINGS - len(known)))


@cache
def costs_to_syllables(heard: Sound) -> NDArray[np.float32]:
    """Distance of a heard sound to every syllable: (syllables + 1,)."""
    costs: NDArray[np.float32] = (COST[list(heard)] + READING_FEES[:, None]).min(axis=0)
    return costs


def costs_to(heard: Sound, named: NDArray[np.int16]) -> NDArray[np.float32]:
    """Distance of a heard sound to sounds of names, (S, READINGS): (S,)."""
    costs: NDArray[np.float32] = (costs_to_syllables(heard)[named] + READING_FEES).min(axis=1)
    return costs
