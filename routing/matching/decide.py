"""Is it sure enough? What the call should do with ranked communities, and which of them it offers."""

from collections.abc import Sequence
from enum import StrEnum

from routing.matching.ranking import Fit
from routing.matching.weights import Decide

MAX_OFFERED = 3  # more cannot be held in mind while listening
LOOKED_AT = 8  # a long name half heard may stand before the short one that was said
SAME = 0.05  # scores this close are the same name in the caller's mouth


class Decision(StrEnum):
    """What the call should do with a match."""

    ACCEPT = "accept"  # sure: say it back while moving on
    CONFIRM = "confirm"  # ask among at most three
    NARROW = "narrow"  # the name is shared or vague: ask for the street
    REJECT = "reject"  # nothing in the directory was named


def decide(fits: Sequence[Fit], limits: Decide) -> tuple[Decision, list[Fit]]:
    """What to do with *fits*, best first, and the at most three to offer; after a reject, what came nearest."""
    apart = [fit for fit in fits if fit.apart]
    near = [fit for fit in fits[:LOOKED_AT] if not fit.apart]
    clear = bool(near) and _margin(near[0], near) >= limits.clear_margin
    likely = [fit for fit in near if _likely(fit, limits, clear and fit is near[0])] or apart
    if not likely:
        return Decision.REJECT, list(fits[:MAX_OFFERED])
    likely = _whole_first(likely, limits)
    first = likely[0]
    if not apart and _sure(first, fits, limits) and not _clipped(first, likely):
        return Decision.ACCEPT, likely[:MAX_OFFERED]
    if sum(fit.score >= first.score - SAME for fit in likely) > MAX_OFFERED:
        return Decision.NARROW, likely[:MAX_OFFERED]
    offered = [fit for fit in likely[:MAX_OFFERED] if fit.score >= first.score - limits.offered_within]
    return Decision.CONFIRM, [first, *apart, *offered[1:]][:MAX_OFFERED]


def _whole_first(likely: list[Fit], limits: Decide) -> list[Fit]:
    """Names that were heard whole before those that were not: 新华村 is no half of 杏花村新村, which has as much of it.

    Nothing is accepted for it: what stands first here must have had the best score as well.
    """
    best = min(fit.cost for fit in likely)
    if best > limits.whole:
        return likely
    return sorted(likely, key=lambda fit: fit.cost > best + limits.whole_margin)


def _sure(first: Fit, fits: Sequence[Fit], limits: Decide) -> bool:
    margin = _margin(first, fits)
    most = limits.accept_clear if margin >= limits.clear_margin else limits.accept_cost
    return margin >= limits.accept_margin and first.cost <= most


def _clipped(first: Fit, likely: Sequence[Fit]) -> bool:
    """Whether a longer name has more of what was heard as it is written: 西山 is 西三, or the beginning of 西山下."""
    return any(fit.missing and fit.written > first.written for fit in likely[1:])


def _margin(first: Fit, fits: Sequence[Fit]) -> float:
    """By how much it is better than the next one."""
    return min((first.score - other.score for other in fits[:2] if other is not first), default=float("inf"))


def _likely(fit: Fit, limits: Decide, clear: bool) -> bool:
    """Whether it may have been named at all. A syllable that was swallowed is forgiven more than a wrong one."""
    if _stray(fit, limits):
        return False
    most = limits.reject_clear if clear else limits.reject_cost
    if fit.cost <= most or fit.cost - limits.forgiven * fit.missing <= limits.reject_cost:
        return True
    return fit.cost <= limits.reject_near and _near(fit, limits)


def _stray(fit: Fit, limits: Decide) -> bool:
    """Whether it is a part of another name: what was heard only resembles it, and more stands beside it at once."""
    if fit.cost <= limits.stray_cost or fit.missing or fit.written == len(fit.pairs):
        return False
    return fit.beside > limits.stray_beside


def _near(fit: Fit, limits: Decide) -> bool:
    """Whether every syllable is only a slip of the tongue or the ear away, and nothing else is odd.

    Two such slips cost as much as one syllable of another name; what is named elsewhere seldom has slips alone.
    """
    return not fit.missing and max(fit.distances) <= limits.near and fit.beside <= limits.near_beside
