"""Which names could have been said? The sounds of a directory's names in arrays, and a short list for an utterance.

A *pattern* is one distinct core with its kinds, however many communities bear it: 320 times 和平村 is one pattern.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.names import Name
from routing.phonetics import NO_SYLLABLE, READINGS, Sound, costs_to, sounds
from routing.weights import Weights

LONGEST = 10  # syllables of a name that are compared


@dataclass(frozen=True)
class Patterns:
    """Arrays over P patterns and their S distinct sounds; row S of ``sounds`` is the filling behind short names."""

    sounds: NDArray[np.int16]  # (S + 1, READINGS)
    syllables: NDArray[np.int32]  # (P, LONGEST), into sounds
    characters: NDArray[np.int32]  # (P, LONGEST), code points
    lengths: NDArray[np.int32]  # (P,)
    kinds: NDArray[np.int32]  # (P,)

    def __len__(self) -> int:
        return len(self.lengths)

    def costs(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Distance of each heard token to each distinct sound: (m, S + 1)."""
        return costs_to(rows, self.sounds)

    def shortlist(
        self, costs: NDArray[np.float32], weights: Weights, limit: int, among: NDArray[np.int64] | None = None
    ) -> NDArray[np.int64]:
        """The at most *limit* patterns (of those *among*) that could score best if order did not matter.

        An upper bound of the alignment: each syllable is paid what the likeliest token anywhere is worth.
        """
        chosen = np.arange(len(self)) if among is None else among
        if len(chosen) <= limit:
            return chosen
        align = weights.align
        worth = np.maximum(align.reward - align.weight * costs.min(axis=0), -align.missing)
        worth[-1] = 0
        bound = worth[self.syllables[chosen]].sum(axis=1)
        return chosen[np.sort(np.argpartition(-bound, limit)[:limit])]


def build(names: Iterable[Name]) -> Patterns:
    """The patterns of *names*, in their order."""
    known: dict[Sound, int] = {}
    listed = list(names)
    syllables = np.full((len(listed), LONGEST), -1, np.int32)
    characters = np.zeros((len(listed), LONGEST), np.int32)
    for at, name in enumerate(listed):
        core = name.core[:LONGEST]
        syllables[at, : len(core)] = [known.setdefault(s, len(known)) for s in sounds(core, every_reading=False)]
        characters[at, : len(core)] = [ord(character) for character in core]
    table = np.array([*known, (NO_SYLLABLE,) * READINGS], np.int16)
    syllables[syllables < 0] = len(known)
    lengths = np.array([min(len(name.core), LONGEST) for name in listed], np.int32)
    return Patterns(table, syllables, characters, lengths, np.array([name.kinds for name in listed], np.int32))
