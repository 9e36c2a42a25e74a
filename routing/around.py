"""What does the talk around a name cost? Fees for the heard syllables that a name at some place leaves unexplained."""

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from routing.names import KINDS
from routing.utterance import PLACE, Token
from routing.weights import Weights

MOST_WORDS = 7  # syllables of a street, a name and little more
NEVER = 1e3


def before(tokens: Sequence[Token], starts: Sequence[int], weights: Weights) -> NDArray[np.float32]:
    """The fee of what stands between each of *starts* and a name that begins at each token: (starts, m)."""
    far, most = _far(tokens, weights), weights.around.far_most
    beside = [_beside(token, then.pause, weights) for token, then in pairwise(tokens)]
    other = [weights.around.other * (token.other_after and not then.pause) for token, then in pairwise(tokens)]
    beside = [fee + more for fee, more in zip(beside, other, strict=True)]
    fees = (
        [NEVER] * start + [0.0] + [min(most, far[at] - far[start]) + beside[at] for at in range(start, len(beside))]
        for start in starts
    )
    return np.array(list(fees), np.float32)


def after(
    tokens: Sequence[Token], endings: Mapping[int, tuple[int, int]], starts: Sequence[int], weights: Weights
) -> NDArray[np.float32]:
    """The fee of everything after a name that ends with each token, by the kind of the name: (starts, KINDS, m).

    An ending right after the name is evidence, and what follows it is hardly about the name any more. Where no ending
    stands, the fee depends on how much was said since the start.
    """
    around, ending, size = weights.around, weights.ending, len(tokens)
    far = _far(tokens[::-1], weights)
    fees = []
    for rest, token in enumerate(tokens[1:], 1):
        said, length = endings.get(rest, (0, 0))
        other = around.other if _another(tokens, rest + length) else 0.0
        if length:
            talk = other + min(around.after_ending_most, around.after_ending * (size - rest - length))
            fees.append([talk + _agreement(said, kinds, weights) for kinds in range(KINDS)])
        else:
            beyond = other + min(around.far_most, far[max(0, size - rest - 2)])
            fees.append([ending.absent + _beside(token, token.pause, weights) + beyond] * KINDS)
    fees.append([ending.absent] * KINDS)
    words = list(accumulate((not token.particle and not token.talk for token in tokens[::-1]), initial=0))[::-1]
    in_talk = [ending.absent_in_talk if words[start] > MOST_WORDS else 0.0 for start in starts]
    absent = [rest not in endings for rest in range(1, size + 1)]
    more = np.array(in_talk)[:, None, None] * np.array(absent)
    by_start: NDArray[np.float32] = (np.array(fees).T + more).astype(np.float32)
    return by_start


def _far(tokens: Sequence[Token], weights: Weights) -> list[float]:
    """The fee of the tokens before each one, and of all: with more between them and a name, they say little of it."""
    around = weights.around
    return list(
        accumulate((around.particle if token.particle or token.talk else around.far for token in tokens), initial=0.0)
    )


def _beside(token: Token, pause: bool, weights: Weights) -> float:
    """The fee of the token right before or after the name, with a pause between them or not."""
    if token.particle or token.talk:
        return weights.around.particle
    return weights.around.broken_off if pause else weights.around.touching


def _another(tokens: Sequence[Token], at: int) -> bool:
    """Whether what ends before *at* was said of another place: 银杏隔壁."""
    return at < len(tokens) and tokens[at].other_before and not tokens[at].pause


def _agreement(said: int, kinds: int, weights: Weights) -> float:
    if said == PLACE:
        return weights.ending.place
    return weights.ending.agrees if not kinds or said & kinds else weights.ending.conflicts
