"""How well does each name fit somewhere in what was heard? Local alignment of syllables, all names at once.

The score of a name is ``reward`` a syllable found, less what differs, is missing, stands in between and stands around.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.patterns import Patterns
from routing.phonetics import TABLE, costs_to
from routing.utterance import Utterance
from routing.weights import Weights

IMPOSSIBLE = np.float32(-1e3)


def gains(patterns: Patterns, chosen: NDArray[np.int64], heard: Utterance, weights: Weights) -> NDArray[np.float32]:
    """What each token is worth for each syllable of the *chosen* patterns: (longest, K, m)."""
    longest = int(patterns.lengths[chosen].max(initial=1))
    said, where = np.unique(patterns.syllables[:longest, chosen], return_inverse=True)
    distance = costs_to(heard.rows, patterns.sounds[said]).T[where]  # (longest, K, m)
    same = patterns.characters[:longest, chosen, None] == heard.characters
    distance += TABLE["other_character"] + weights.align.talk * heard.worded
    distance = np.where(same, weights.align.talk_as_written * heard.talk, np.minimum(distance, 1))
    worth: NDArray[np.float32] = weights.align.reward - weights.align.weight * distance
    return worth


def paths(
    gain: NDArray[np.float32], before: NDArray[np.float32], extra: NDArray[np.float32], weights: Weights
) -> NDArray[np.float32]:
    """Best score of an alignment whose syllable l is token i, from the start of the name on: (longest, K, m).

    Between two found syllables there may be one extra token or one missing syllable; up to two may be clipped in front.

    Args:
        gain: as of ``gains``.
        before: fee of beginning at each token, (m,).
        extra: fee of each token when it stands in the middle of a name, (m,).
    """
    align = weights.align
    score = np.empty_like(gain)
    for n in range(len(gain)):
        if n == 0:
            reached = np.broadcast_to(-before, gain[0].shape)
        else:
            reached = np.full_like(gain[0], IMPOSSIBLE)
            reached[:, 1:] = score[n - 1][:, :-1]
            np.maximum(reached[:, 2:], score[n - 1][:, :-2] - extra[1:-1], out=reached[:, 2:])
            if n >= 2:
                np.maximum(reached[:, 1:], score[n - 2][:, :-1] - align.missing, out=reached[:, 1:])
            if n <= 2:
                np.maximum(reached, -before - align.clipped - (n - 1) * align.missing, out=reached)
        score[n] = gain[n] + reached
    return score


def scores(
    patterns: Patterns,
    chosen: NDArray[np.int64],
    path: NDArray[np.float32],
    after: NDArray[np.float32],
    weights: Weights,
) -> NDArray[np.float32]:
    """Best score of the whole name by the token it ends with: (K, m). *after* is (KINDS, m)."""
    each = np.arange(len(chosen))
    last = patterns.lengths[chosen] - 1
    whole = path[last, each]
    clipped = np.where((last >= 1)[:, None], path[np.maximum(last - 1, 0), each] - weights.align.missing, IMPOSSIBLE)
    best: NDArray[np.float32] = np.maximum(whole, clipped) - after[patterns.kinds[chosen]]
    return best


@dataclass(frozen=True, slots=True)
class Alignment:
    """One name's columns of all the above, from which its best alignment can be read back."""

    gain: NDArray[np.float32]  # (longest, m)
    path: NDArray[np.float32]  # (longest, m)
    by_end: NDArray[np.float32]  # (m,)
    before: NDArray[np.float32]  # (m,)
    extra: NDArray[np.float32]  # (m,)
    length: int
    weights: Weights

    def pairs(self) -> tuple[tuple[int, int | None], ...]:
        """Each syllable of the name with the token it was found in, None where it is missing."""
        missing = self.weights.align.missing
        at = int(self.by_end.argmax())
        n = self.length - 1
        found: dict[int, int] = {}
        if n and self.path[n - 1, at] - missing > self.path[n, at]:
            n -= 1
        while n >= 0:
            found[n] = at
            _, n, at = max(self._steps_to(n, at), default=(0.0, -1, 0))
        return tuple((syllable, found.get(syllable)) for syllable in range(self.length))

    def _steps_to(self, n: int, at: int) -> list[tuple[float, int, int]]:
        """What may come before syllable *n* at token *at*: (score, syllable, token); syllable -1 is the beginning."""
        align = self.weights.align
        steps = []
        if n <= 2:
            steps.append((-float(self.before[at]) - (align.clipped + (n - 1) * align.missing if n else 0), -1, 0))
        if n >= 1 and at >= 1:
            steps.append((float(self.path[n - 1, at - 1]), n - 1, at - 1))
        if n >= 1 and at >= 2:
            steps.append((float(self.path[n - 1, at - 2] - self.extra[at - 1]), n - 1, at - 2))
        if n >= 2 and at >= 1:
            steps.append((float(self.path[n - 2, at - 1] - align.missing), n - 2, at - 1))
        return steps
