"""Which names could have been said? The sounds of a directory's names in arrays, and a short list for an utterance.

A *pattern* is one distinct core with its kinds, however many communities bear it: 320 times 和平村 is one pattern.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.names import Name
from routing.phonetics import NO_SYLLABLE, READINGS, Sound, costs_to, sounds
from routing.weights import Weights

LONGEST = 10  # syllables of a name that are compared


@dataclass(frozen=True)
class Patterns:
    """Arrays over P patterns, longest first, and their S distinct sounds; sound S fills up short names."""

    sounds: NDArray[np.int16]  # (S + 1, READINGS)
    syllables: NDArray[np.int32]  # (LONGEST, P), into sounds
    characters: NDArray[np.int32]  # (LONGEST, P), code points
    lengths: NDArray[np.int32]  # (P,)
    kinds: NDArray[np.int32]  # (P,)

    def __len__(self) -> int:
        return len(self.lengths)

    def shortlist(
        self, rows: NDArray[np.float32], weights: Weights, limit: int, among: NDArray[np.int64] | None = None
    ) -> NDArray[np.int64]:
        """The at most *limit* patterns (of those *among*, ascending) that could score best if order did not matter.

        An upper bound of the alignment: each syllable is paid what the likeliest token anywhere is worth.

        Args:
            rows: distance of each heard token to every syllable, (m, syllables + 1).
        """
        chosen = np.arange(len(self)) if among is None else among
        if len(chosen) <= limit:
            return chosen
        align = weights.align
        nearest = costs_to(rows.min(axis=0, keepdims=True), self.sounds)[0]
        worth = np.maximum(align.reward - align.weight * nearest, -align.missing)
        bound = np.zeros(len(chosen), np.float32)
        for nth, syllables in enumerate(self.syllables):
            # Longest first: those that have an nth syllable stand in front.
            having = len(chosen) - int(np.searchsorted(self.lengths[chosen[::-1]], nth, side="right"))
            bound[:having] += worth[syllables[chosen[:having]]]
        return chosen[np.sort(np.argpartition(-bound, limit)[:limit])]


def enough(size: int) -> int:
    """How many of *size* names to align: chance likeness grows with their number."""
    return max(128, size // 128)


def longest_first(name: Name) -> int:
    """Sorts names as ``build`` wants them."""
    return -len(name.core)


def build(names: Sequence[Name]) -> Patterns:
    """The patterns of *names*, which stand longest first, in their order."""
    known: dict[Sound, int] = {}
    syllables = np.full((LONGEST, len(names)), -1, np.int32)
    characters = np.zeros((LONGEST, len(names)), np.int32)
    for at, name in enumerate(names):
        core = name.core[:LONGEST]
        syllables[: len(core), at] = [known.setdefault(s, len(known)) for s in sounds(core, every_reading=False)]
        characters[: len(core), at] = [ord(character) for character in core]
    table = np.array([*known, (NO_SYLLABLE,) * READINGS], np.int16)
    syllables[syllables < 0] = len(known)
    lengths = np.array([min(len(name.core), LONGEST) for name in names], np.int32)
    return Patterns(table, syllables, characters, lengths, np.array([name.kinds for name in names], np.int32))
