"""How do the names of a directory sound, and what could each score in an utterance at most?

A *pattern* is one distinct core with its kinds, however many communities bear it: 320 times 和平村 is one pattern.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from routing.arrays.packed import Texts
from routing.matching.weights import Weights
from routing.matching.worth import Sounds, Worth
from routing.speech.latin import number
from routing.speech.names import MAX_SYLLABLES, Name


@dataclass(frozen=True)
class Patterns:
    """Arrays over P patterns, longest first, and L syllables; sound 0 fills up short names."""

    cores: Texts
    syllables: NDArray[np.uint16]  # (P, L), sounds
    characters: NDArray[np.int32]  # (P, L), by ``latin.number``
    lengths: NDArray[np.uint8]  # (P,), at most MAX_SYLLABLES
    kinds: NDArray[np.uint8]  # (P,)

    @classmethod
    def build(cls, names: Sequence[Name], sounds: Sounds) -> "Patterns":
        """The patterns of *names*, which stand longest first, in their order."""
        written = [name.syllables[:MAX_SYLLABLES] for name in names]
        lengths = np.array(list(map(len, written)), np.uint8)
        syllables = np.zeros((len(names), lengths.max(initial=1)), np.uint16)
        characters = np.zeros(syllables.shape, np.int32)
        for at, name in enumerate(names):
            length = lengths[at]
            syllables[at, :length] = sounds.of(name)[:length]
            characters[at, :length] = list(map(number, written[at]))
        kinds = np.array([name.kinds for name in names], np.uint8)
        return cls(Texts.of(name.core for name in names), syllables, characters, lengths, kinds)

    def __len__(self) -> int:
        return len(self.lengths)

    def name(self, pattern: int) -> Name:
        return Name(self.cores[pattern], int(self.kinds[pattern]))

    def bounds(self, worth: Worth, weights: Weights) -> NDArray[np.float32]:
        """What each pattern could score if order did not matter: (P,).

        An upper bound of the alignment but for what is written as in the name: each syllable is paid what the
        likeliest token anywhere is worth.
        """
        best = np.maximum(worth.likeliest, -weights.align.missing)
        starts, spoken = self._spoken
        bounds: NDArray[np.float32] = np.add.reduceat(best[spoken], starts)
        return bounds

    def bounds_near(
        self, chosen: NDArray[np.int32], tokens: NDArray[np.int64], worth: Worth, weights: Weights
    ) -> NDArray[np.float32]:
        """The same of the *chosen* ones, (K,), each from the tokens not far from one of *tokens*."""
        best = np.maximum(worth.nearby, -weights.align.missing)
        bounds: NDArray[np.float32] = best[self.syllables[chosen], tokens[:, None]].sum(axis=1)
        return bounds

    @cached_property
    def _spoken(self) -> tuple[NDArray[np.int64], NDArray[np.uint16]]:
        """All syllables, one pattern behind the other, and where each begins."""
        lengths = self.lengths.astype(np.int64)
        return np.cumsum(lengths) - lengths, self.syllables[self.syllables > 0]
