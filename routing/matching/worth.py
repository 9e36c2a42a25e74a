"""What is each heard syllable worth for each sound that the names of a directory have?"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.matching.weights import Weights
from routing.speech.names import Name
from routing.speech.phonetics import NO_SYLLABLE, READINGS, TABLE, Sound, costs_to
from routing.speech.utterance import Token, Utterance

NOTHING: Sound = (NO_SYLLABLE,) * READINGS  # sound 0 of every inventory: fills up short names
NEAREST = 24  # sounds that one heard syllable may be taken for; none has as many half as far away as the unrelated
NEARBY = 4  # tokens
KEPT = 4096  # heard sounds that are remembered; a language has fewer


@dataclass(frozen=True)
class Worth:
    """One utterance of m tokens against S sounds."""

    table: NDArray[np.float32]  # (S, m), a token as a syllable of a name in other characters; 0 for sound 0
    written: NDArray[np.float32]  # (m,), the same when it is written as in the name
    characters: NDArray[np.int32]  # (m,), by ``latin.number``
    nearest: NDArray[np.int32]  # (m, NEAREST), the sounds nearest to each token
    distances: NDArray[np.float32]  # (m, NEAREST), how far they are
    silent: NDArray[np.intp]  # sounds of what nobody can say, when something so written was heard

    @property
    def likeliest(self) -> NDArray[np.float32]:
        """The most that any token is worth for each sound, but for what is written as in the name: (S,)."""
        best: NDArray[np.float32] = self.table.max(axis=1)
        best[self.silent] = self.written.max(initial=0)  # only by writing can those be told
        return best

    @cached_property
    def nearby(self) -> NDArray[np.float32]:
        """The most that a token not far from each one is worth: (S, m)."""
        best = self.table.copy()
        for far in range(1, min(NEARBY, len(self.characters) - 1) + 1):
            np.maximum(best[:, far:], self.table[:, :-far], out=best[:, far:])
            np.maximum(best[:, :-far], self.table[:, far:], out=best[:, :-far])
        return best


class Inventory:
    """The distinct sounds of a directory's names; ``table`` is (S, READINGS)."""

    def __init__(self, table: NDArray[np.int16], weights: Weights) -> None:
        self.table, self.weights = table, weights
        self._silent = np.flatnonzero(table[1:, 0] == NO_SYLLABLE) + 1
        self._remembered = lru_cache(KEPT)(self._token)

    def worth(self, heard: Utterance) -> Worth:
        align = self.weights.align
        each = [self._remembered(token.sound, self._unlikely(token)) for token in heard.tokens]
        return Worth(
            np.ascontiguousarray(np.array([token.worth for token in each]).T),
            (align.reward - align.weight * self._as_written(heard)).astype(np.float32),
            heard.characters,
            np.array([token.nearest for token in each]),
            np.array([token.distances for token in each]),
            self._silent if any(token.sound == NOTHING for token in heard.tokens) else self._silent[:0],
        )

    def _unlikely(self, token: Token) -> float:
        """How unlikely it is a name's mishearing: it belongs to a word everybody knows, talk or an ending."""
        align = self.weights.align
        return align.talk if token.talk or token.ending else align.carrier if token.carrier else 0.0

    def _as_written(self, heard: Utterance) -> NDArray[np.float64]:
        """The distance of each token to a syllable that is written so."""
        align = self.weights.align
        return np.where(heard.village, align.village_as_written, align.talk_as_written * (heard.talk | heard.ending))

    def _token(self, heard: Sound, unlikely: float) -> "_Token":
        align = self.weights.align
        distances = costs_to(heard, self.table)
        differing = np.minimum(1, distances + TABLE["other_character"] + unlikely)
        worth = (align.reward - align.weight * differing).astype(np.float32)
        worth[0] = 0
        nearest = distances.argsort(kind="stable")[:NEAREST].astype(np.int32)
        return _Token(worth, nearest, distances[nearest] + np.float32(min(align.talk_as_written, unlikely)))


class _Token(NamedTuple):
    """One token's columns of ``Worth``."""

    worth: NDArray[np.float32]
    nearest: NDArray[np.int32]
    distances: NDArray[np.float32]


class Sounds:
    """Numbers the sounds of names while a directory is read."""

    def __init__(self) -> None:
        # Sound 0 stands for no syllable at all; one that nobody can say (B, 🌲) has a number like any other.
        self.known: dict[Sound | None, int] = {None: 0}

    def of(self, name: Name) -> list[int]:
        known = self.known
        return [known.setdefault(sound, len(known)) for sound in name.sounds]

    def table(self) -> NDArray[np.int16]:
        return np.array([sound or NOTHING for sound in self.known], np.int16)
