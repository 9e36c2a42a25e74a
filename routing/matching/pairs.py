"""Which names have two syllables that were heard near each other? Finds the few worth a look among many.

A name that is neither rejected nor far behind has such a pair: one that was heard right after the other, or with one
syllable swallowed or put in between. Names of one syllable have none and are not found.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.arrays.packed import Ragged
from routing.matching.patterns import Patterns
from routing.matching.worth import Worth

MAX_FINDINGS = 8192  # findings that are looked at, nearest first


@dataclass(frozen=True, slots=True)
class Found:
    """K patterns, ascending: where the nearest two of their syllables were heard, and how much less they are worth
    there than at most nearby."""

    patterns: NDArray[np.int32]
    tokens: NDArray[np.int64]
    lost: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pairs:
    """The patterns that have one sound after another, with at most one between."""

    bearers: Ragged  # by first sound * S + second

    @classmethod
    def of(cls, patterns: Patterns, sounds: int) -> "Pairs":
        """The pairs of *patterns* in an inventory of so many *sounds*."""
        syllables = patterns.syllables.astype(np.int64)
        keys, owners = [], []
        for apart in (1, 2):
            owner, at = np.nonzero(syllables[:, apart:])
            keys.append(syllables[owner, at] * sounds + syllables[owner, at + apart])
            owners.append(owner)
        return cls(Ragged.group(np.concatenate(keys), np.concatenate(owners), sounds * sounds))

    def found(self, worth: Worth, reach: float) -> Found:
        """The patterns with two sounds that are, together, at most *reach* away from two tokens."""
        tokens = np.arange(len(worth.characters))
        one, other = np.append(tokens[:-1], tokens[:-2]), np.append(tokens[1:], tokens[2:])
        costs = worth.distances[one][:, :, None] + worth.distances[other][:, None, :]
        at, first, second = np.nonzero(costs <= reach)
        nearest_first = costs[at, first, second].argsort(kind="stable")
        at, first, second = at[nearest_first], first[nearest_first], second[nearest_first]
        one, other = one[at], other[at]
        sound, then = worth.nearest[one, first], worth.nearest[other, second]
        lost = worth.nearby[sound, one] - worth.table[sound, one] + worth.nearby[then, one] - worth.table[then, other]
        patterns, which = self.bearers.gather(sound * len(worth.table) + then)
        patterns, which = patterns[:MAX_FINDINGS], which[:MAX_FINDINGS]
        least_lost = np.lexsort((lost[which], patterns))
        patterns, place = np.unique(patterns[least_lost], return_index=True)
        which = which[least_lost[place]]
        return Found(patterns, one[which], lost[which])
