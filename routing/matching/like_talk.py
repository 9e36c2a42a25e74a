"""Which names begin like the words before a name? 沃家 sounds as 我家 does, and 劳家埭 begins like 老家."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from routing.arrays.packed import Ragged, Texts
from routing.matching.patterns import Patterns
from routing.speech.phonetics import HAN, NO_SYLLABLE, sounds
from routing.speech.utterance import TALK, Likenesses

LONGEST = 4  # characters of a phrase


def phrases(patterns: Patterns, sound_table: NDArray[np.int16]) -> tuple[Texts, Ragged]:
    """The phrases that some names begin like, and for each the syllables with which they go on.

    ``NO_SYLLABLE`` where the name is over.
    """
    usual = sound_table[:, 0].astype(np.int64)[patterns.syllables]
    found: dict[str, set[int]] = defaultdict(set)
    for length in range(2, min(LONGEST, usual.shape[1]) + 1):
        spoken = _spoken(length)
        keys = _key(usual[:, :length])
        for at in np.flatnonzero(np.isin(keys, list(spoken)) & (patterns.lengths >= length)).tolist():
            over = patterns.lengths[at] == length
            then = NO_SYLLABLE if over else int(usual[at, length])
            for phrase in spoken[int(keys[at])]:
                found[phrase].add(then)
    listed = sorted(found)
    owners = [n for n, phrase in enumerate(listed) for _ in found[phrase]]
    values = [then for phrase in listed for then in sorted(found[phrase])]
    return Texts.of(listed), Ragged.group(np.array(owners, np.int64), np.array(values, np.int32), len(listed))


def likenesses(words: Texts, goes_on: Ragged) -> Likenesses:
    """What ``phrases`` found, for ``utterance.read``."""
    return {phrase: frozenset(goes_on[at].tolist()) for at, phrase in enumerate(words)}


@cache
def _spoken(length: int) -> dict[int, list[str]]:
    """The phrases of talk of so many characters, by how they sound."""
    by_sound: dict[int, list[str]] = defaultdict(list)
    for phrase in _han(length):
        heard = np.array([[sound[0] for sound in sounds(phrase, every_reading=False)]], np.int64)
        by_sound[int(_key(heard)[0])].append(phrase)
    return dict(by_sound)


def _han(length: int) -> Iterator[str]:
    return (phrase for phrase in TALK if len(phrase) == length and all(map(HAN.fullmatch, phrase)))


def _key(syllables: NDArray[np.int64]) -> NDArray[np.int64]:
    """One number for each row of syllables."""
    shifts = (NO_SYLLABLE + 1) ** np.arange(syllables.shape[1], dtype=np.int64)
    keys: NDArray[np.int64] = (syllables * shifts).sum(axis=1)
    return keys
