"""What does the talk around a name cost? Fees for the heard syllables that a name at some place leaves unexplained."""

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from routing.matching.weights import Weights
from routing.speech.names import KINDS
from routing.speech.utterance import PLACE, VILLAGE_ENDING, Token

MAX_WORDS = 7  # syllables of a street, a name and little more
APART = 5  # syllables between a place and a name: with more, one says nothing of the other
NEVER = 1e3


def before(tokens: Sequence[Token], starts: Sequence[int], weights: Weights) -> NDArray[np.float32]:
    """The fee of what stands between each of *starts* and a name that begins at each token: (starts, m).

    A start other than the first token is the end of a place that was named.
    """
    far, words, most = _far(tokens, weights), _words(tokens), weights.around.far_most
    fees = []
    for start in starts:
        between = [
            min(most, far[at] - far[start]) + _beside(token, then.pause or (not start and _ended(token)), weights)
            if not start or words[at] - words[start] <= APART
            else NEVER
            for at, (token, then) in enumerate(pairwise(tokens[start:]), start)
        ]
        fees.append([NEVER] * start + [0.0] + between)
    return np.array(fees, np.float32)


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
        if rest in endings:
            said, length = endings[rest]
            talk = min(around.after_ending_most, around.after_ending * (size - rest - length))
            fees.append([talk + _agreement(said, kinds, weights) for kinds in range(KINDS)])
        else:
            beyond = min(around.far_most, far[max(0, size - rest - 2)])
            fees.append([ending.absent + _beside(token, token.pause, weights) + beyond] * KINDS)
    fees.append([ending.absent] * KINDS)
    words = _words(tokens)
    in_talk = [ending.absent_in_talk if words[-1] - words[start] > MAX_WORDS else 0.0 for start in starts]
    absent = [rest not in endings for rest in range(1, size + 1)]
    more = np.array(in_talk)[:, None, None] * np.array(absent)
    by_start: NDArray[np.float32] = (np.array(fees).T + more).astype(np.float32)
    return by_start


def elsewhere(
    tokens: Sequence[Token], endings: Mapping[int, tuple[int, int]], weights: Weights
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The fee, a syllable of the name, of beginning at each token and of ending with each: (m,) both.

    A name right behind 靠近 or right before 隔壁 is where the caller does not live.
    """
    begins = [False, *(token.other_after and not then.pause for token, then in pairwise(tokens))]
    ends = []
    for rest in range(1, len(tokens) + 1):
        behind = rest + endings.get(rest, (0, 0))[1]
        ends.append(behind < len(tokens) and tokens[behind].other_before and not tokens[behind].pause)
    other = np.float32(weights.around.other)
    return np.array(begins) * other, np.array(ends) * other


def _far(tokens: Sequence[Token], weights: Weights) -> list[float]:
    """The fee of the tokens before each one, and of all: with more between them and a name, they say little of it."""
    around = weights.around
    return list(
        accumulate((around.particle if token.particle or token.talk else around.far for token in tokens), initial=0.0)
    )


def _words(tokens: Sequence[Token]) -> list[int]:
    """How many of the tokens before each one, and of all, are neither particles nor talk."""
    return list(accumulate((not token.particle and not token.talk for token in tokens), initial=0))


def _beside(token: Token, pause: bool, weights: Weights) -> float:
    """The fee of the token right before or after the name, with a pause between them or not."""
    if token.particle or token.talk:
        return weights.around.particle
    return weights.around.broken_off if pause else weights.around.touching


def _ended(token: Token) -> bool:
    """Whether it closes a word like 街道 or 社区, which is no part of the name behind it; 村 may be."""
    return token.ending and token.text != VILLAGE_ENDING


def _agreement(said: int, kinds: int, weights: Weights) -> float:
    if said == PLACE:
        return weights.ending.place
    return weights.ending.agrees if not kinds or said & kinds else weights.ending.conflicts
