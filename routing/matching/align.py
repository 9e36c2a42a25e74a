"""How well does each name fit somewhere in what was heard? Local alignment of syllables, all names at once.

The score of a name is ``reward`` a syllable found, less what differs, is missing, stands in between and stands around.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from routing.matching.patterns import Patterns
from routing.matching.weights import Weights
from routing.matching.worth import Worth
from routing.speech.names import Name

IMPOSSIBLE = np.float32(-1e4)
MAX_CLIPPED = 2  # syllables that may be lost in front


@dataclass(frozen=True)
class Alignments:
    """The best scores of K patterns in an utterance of m tokens."""

    patterns: Patterns
    chosen: NDArray[np.int32]  # (K,)
    path: NDArray[np.float32]  # (longest, K, m), of what comes before and with syllable l in token i
    by_end: NDArray[np.float32]  # (K, m), of the whole name by the token it ends with
    before: NDArray[np.float32]  # (K, m)
    extra: NDArray[np.float32]  # (m,)
    worth: Worth
    weights: Weights

    @cached_property
    def scores(self) -> NDArray[np.float32]:
        """(K,)"""
        best: NDArray[np.float32] = self.by_end.max(axis=1)
        return best

    @cached_property
    def costs(self) -> NDArray[np.float64]:
        """What is unexplained of each name, a syllable: (K,)."""
        return self.weights.align.reward - self.scores.astype(np.float64) / self.patterns.lengths[self.chosen]

    def name(self, k: int) -> Name:
        return self.patterns.name(int(self.chosen[k]))

    def pairs(self, k: int) -> tuple[tuple[int, int | None], ...]:
        """Each syllable of one name with the token it was found in, None where it is missing."""
        path, length = self.path[:, k].tolist(), int(self.patterns.lengths[self.chosen[k]])
        at, n = int(self.by_end[k].argmax()), length - 1
        found: dict[int, int] = {}
        if n and path[n - 1][at] - self.weights.align.missing > path[n][at]:
            n -= 1
        while n >= 0:
            found[n] = at
            _, n, at = max(self._steps_to(k, path, n, at), default=(0.0, -1, 0))
        return tuple((syllable, found.get(syllable)) for syllable in range(length))

    def distances(self, k: int) -> list[float]:
        """How far each syllable of one name that was found is from what was heard there, 0-1."""
        align, worth, row = self.weights.align, self.worth, int(self.chosen[k])
        gains = []
        for n, token in self.pairs(k):
            if token is not None:
                as_sound = float(worth.table[self.patterns.syllables[row, n], token])
                written = self.patterns.characters[row, n] == worth.characters[token]
                gains.append(float(worth.written[token]) if written else as_sound)
        return [(align.reward - gain) / align.weight for gain in gains]

    def _steps_to(self, k: int, path: list[list[float]], n: int, at: int) -> list[tuple[float, int, int]]:
        """What may come before syllable *n* at token *at*: (score, syllable, token); syllable -1 is the beginning."""
        align = self.weights.align
        steps = []
        if n <= MAX_CLIPPED:
            steps.append((-float(self.before[k, at]) - (align.clipped + (n - 1) * align.missing if n else 0), -1, 0))
        if n >= 1 and at >= 1:
            steps.append((path[n - 1][at - 1], n - 1, at - 1))
        if n >= 1 and at >= 2:
            steps.append((path[n - 1][at - 2] - float(self.extra[at - 1]), n - 1, at - 2))
        if n >= 2 and at >= 1:
            steps.append((path[n - 2][at - 1] - align.missing, n - 2, at - 1))
        return steps


def align(
    patterns: Patterns,
    chosen: NDArray[np.int32],
    worth: Worth,
    before: NDArray[np.float32],
    extra: NDArray[np.float32],
    after: NDArray[np.float32],
    weights: Weights,
) -> Alignments:
    """Align the *chosen* patterns.

    Between two found syllables there may be one extra token or one missing syllable; up to two may be clipped in front.

    Args:
        before: fee of beginning at each token, (K, m).
        extra: fee of each token when it stands in the middle of a name, (m,).
        after: fee of ending with each token, (K, m).
    """
    lengths, cost = patterns.lengths[chosen], weights.align
    longest, count, size = int(lengths.max(initial=1)), len(chosen), len(extra)
    # Two more syllables and tokens in front, where no alignment can be.
    path = np.full((longest + 2, count, size + 2), IMPOSSIBLE, np.float32)
    gain = worth.table[patterns.syllables[chosen, :longest].T]
    same = patterns.characters[chosen, :longest].T[:, :, None] == worth.characters
    np.copyto(gain, worth.written, where=same)
    extra_before = np.append(np.float32(0), extra[:-1])
    for n in range(longest):
        reached = np.maximum(path[n + 1, :, 1:-1], path[n + 1, :, :-2] - extra_before)
        np.maximum(reached, path[n, :, 1:-1] - cost.missing, out=reached)
        if n <= MAX_CLIPPED:
            lost = cost.clipped + (n - 1) * cost.missing if n else 0
            np.maximum(reached, -before - lost, out=reached)
        np.add(gain[n], reached, out=path[n + 2, :, 2:])
    each = np.arange(count)
    whole = path[lengths + 1, each, 2:]
    but_the_last = path[lengths, each, 2:] - cost.missing
    by_end = np.maximum(whole, but_the_last) - after
    return Alignments(patterns, chosen, path[2:, :, 2:], by_end, before, extra, worth, weights)
