"""What does the talk around a name cost? Fees for the heard syllables that a name at some place leaves unexplained."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from routing.names import KINDS
from routing.utterance import PLACE, Token, Utterance
from routing.weights import Weights


def before(tokens: Sequence[Token], weights: Weights) -> NDArray[np.float32]:
    """The fee of everything before a name that begins at each token: (m,)."""
    around = weights.around
    fees = np.zeros(len(tokens), np.float32)
    far = 0.0  # of all tokens but the last one before the name
    for start in range(1, len(tokens)):
        last = tokens[start - 1]
        fees[start] = min(around.most, far + _beside(last, tokens[start].pause, weights))
        far += around.particle if last.particle else around.far
    return fees


def after(utterance: Utterance, weights: Weights) -> NDArray[np.float32]:
    """The fee of everything after a name that ends with each token, by the kind of the name: (KINDS, m).

    An ending right after the name is evidence, and what follows it is hardly about the name any more.
    """
    tokens, around, ending = utterance.tokens, weights.around, weights.ending
    endings = utterance.endings(ending.loose)
    far = [around.particle if token.particle else around.far for token in tokens]
    fees = np.zeros((KINDS, len(tokens)), np.float32)
    for last in range(len(tokens)):
        rest = last + 1
        if rest in endings:
            said, length = endings[rest]
            left = len(tokens) - rest - length
            talk = min(around.after_ending_most, around.after_ending * left)
            fees[:, last] = [talk + _agreement(said, kinds, weights) for kinds in range(KINDS)]
            continue
        fee = 0.0
        if rest < len(tokens):
            fee = min(around.most, sum(far[rest + 1 :]) + _beside(tokens[rest], tokens[rest].pause, weights))
        fees[:, last] = fee + ending.absent
    return fees


def _beside(token: Token, pause: bool, weights: Weights) -> float:
    """The fee of the token right before or after the name, with a pause between them or not."""
    if token.particle:
        return weights.around.particle
    return weights.around.broken_off if pause else weights.around.touching


def _agreement(said: int, kinds: int, weights: Weights) -> float:
    if said == PLACE:
        return weights.ending.place
    return weights.ending.agrees if not kinds or said & kinds else weights.ending.conflicts
