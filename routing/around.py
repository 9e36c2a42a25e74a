"""What does the talk around a name cost? Fees for the heard syllables that a name at some place leaves unexplained."""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from routing.names import KINDS
from routing.utterance import PLACE, Token, Utterance
from routing.weights import Weights


def before(tokens: Sequence[Token], weights: Weights) -> NDArray[np.float32]:
    """The fee of everything before a name that begins at each token: (m,)."""
    far = _far(tokens, weights)
    fees = (far[at - 1] + _beside(tokens[at - 1], tokens[at].pause, weights) for at in range(1, len(tokens)))
    return np.array([0.0, *fees], np.float32)


def after(utterance: Utterance, weights: Weights) -> NDArray[np.float32]:
    """The fee of everything after a name that ends with each token, by the kind of the name: (KINDS, m).

    An ending right after the name is evidence, and what follows it is hardly about the name any more.
    """
    tokens, ending = utterance.tokens, weights.ending
    endings = utterance.endings(ending.loose)
    far = _far(tokens[::-1], weights)[::-1]
    words = sum(not token.particle and not token.talk for token in tokens)
    fees = np.zeros((KINDS, len(tokens)), np.float32)
    for last in range(len(tokens)):
        rest = last + 1
        if rest in endings:
            said, length = endings[rest]
            talk = min(weights.around.after_ending_most, weights.around.after_ending * (len(tokens) - rest - length))
            fees[:, last] = [talk + _agreement(said, kinds, weights) for kinds in range(KINDS)]
            continue
        fee = ending.absent + (ending.absent_in_talk if words > MOST_WORDS else 0)
        if rest < len(tokens):
            fee += _beside(tokens[rest], tokens[rest].pause, weights)
            fee += far[rest + 1] if rest + 1 < len(tokens) else 0
        fees[:, last] = fee
    return fees


MOST_WORDS = 7  # syllables of a street, a name and little more


def _far(tokens: Sequence[Token], weights: Weights) -> list[float]:
    """The fee of the tokens before each one: with one more between them and the name, they say little about it."""
    around = weights.around
    fees = accumulate(
        (around.particle if token.particle or token.talk else around.far for token in tokens), initial=0.0
    )
    return [min(around.far_most, fee) for fee in fees][: len(tokens)]


def _beside(token: Token, pause: bool, weights: Weights) -> float:
    """The fee of the token right before or after the name, with a pause between them or not."""
    if token.particle or token.talk:
        return weights.around.particle
    return weights.around.broken_off if pause else weights.around.touching


def _agreement(said: int, kinds: int, weights: Weights) -> float:
    if said == PLACE:
        return weights.ending.place
    return weights.ending.agrees if not kinds or said & kinds else weights.ending.conflicts
