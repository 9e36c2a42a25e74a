"""Which names of a directory could have been said? The few that are worth aligning with an utterance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.arrays.packed import contained
from routing.matching.pairs import Pairs
from routing.matching.patterns import Patterns
from routing.matching.weights import Weights
from routing.matching.worth import Worth

FEW = 4096  # patterns that are quicker looked at one by one


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Patterns, ascending, with what each could score at most."""

    patterns: NDArray[np.int32]
    bounds: NDArray[np.float32]

    @classmethod
    def of(cls, patterns: Patterns, pairs: Pairs, worth: Worth, weights: Weights) -> "Shortlist":
        """All of a few; of many those that have two syllables that were heard near each other."""
        if len(patterns) <= FEW:
            return cls(np.arange(len(patterns), dtype=np.int32), patterns.bounds(worth, weights))
        reach = 2 * weights.decide.reject_cost / weights.align.weight  # further off, the two alone would be rejected
        found = pairs.found(worth, reach)
        bounds = patterns.bounds_near(found.patterns, found.tokens, worth, weights) - found.lost
        return cls(found.patterns, bounds)

    def among(self, some: NDArray[np.int32]) -> "Shortlist":
        """Those that are also in *some*, which ascend."""
        return self.where(contained(self.patterns, some))

    def where(self, kept: NDArray[np.bool_]) -> "Shortlist":
        return Shortlist(self.patterns[kept], self.bounds[kept])

    def best(self, limit: int) -> NDArray[np.int32]:
        """The at most *limit* with the highest bounds, ascending."""
        if len(self.patterns) <= limit:
            return self.patterns
        return self.patterns[np.sort(np.argpartition(-self.bounds, limit)[:limit])]
