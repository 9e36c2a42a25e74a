"""Is it sure enough? What the call should do with ranked communities."""

from collections.abc import Sequence
from enum import StrEnum

from routing.ranking import Fit
from routing.weights import Weights

MOST_OFFERED = 3  # more cannot be held in mind while listening
SAME = 0.05  # scores this close are the same name in the caller's mouth


class Decision(StrEnum):
    """What the call should do with a match."""

    ACCEPT = "accept"  # sure: say it back while moving on
    CONFIRM = "confirm"  # ask among at most three
    NARROW = "narrow"  # the name is shared or vague: ask for the street
    REJECT = "reject"  # nothing in the directory was named


def decide(fits: Sequence[Fit], weights: Weights) -> Decision:
    """What to do with *fits*, best first."""
    limits = weights.decide
    if not fits or fits[0].cost > limits.reject_cost:
        return Decision.REJECT
    margin = fits[0].score - fits[1].score if len(fits) > 1 else float("inf")
    if fits[0].cost <= limits.accept_cost and margin >= limits.accept_margin:
        return Decision.ACCEPT
    bearers = sum(fit.score >= fits[0].score - SAME for fit in fits)
    return Decision.NARROW if bearers > MOST_OFFERED else Decision.CONFIRM
