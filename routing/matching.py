"""Which community was named: the answer to one utterance, and how sure it is."""

from collections.abc import Collection
from dataclasses import dataclass

from routing.decide import MOST_OFFERED, Decision, decide
from routing.directory import Community, Directory
from routing.hints import hints
from routing.ranking import Fit, Ranker
from routing.weights import Weights, shipped

__all__ = ["Candidate", "Decision", "Match", "Matcher"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A community that may have been named. ``score`` 0-100, ``why`` explains it to staff ("迎→银 in/ing")."""

    community: Community
    score: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """What one utterance says about the community. ``candidates`` best first; ``reason`` says why a reject is one."""

    decision: Decision
    candidates: tuple[Candidate, ...] = ()
    reason: str = ""


class Matcher:
    """Matches spoken names against one directory. Built once, then read by many threads."""

    def __init__(self, directory: Directory, weights: Weights | None = None) -> None:
        self.directory = directory
        self.weights = weights or shipped()
        self.ranker = Ranker(directory, self.weights)

    def match(self, heard: str, *, without: Collection[str] = ()) -> Match:
        """The communities that *heard* may name.

        Args:
            heard: a recogniser's text, any script, may be empty or nonsense.
            without: codes the caller has refused already.
        """
        fits, _ = self.ranker.rank(heard)
        fits = [fit for fit in fits if self.directory.communities[fit.row].code not in without]
        decision = decide(fits, self.weights)
        candidates = tuple(self._candidate(fit) for fit in fits[:MOST_OFFERED])
        return Match(decision, candidates)

    def hints(self, limit: int = 500, *, street: str | None = None) -> tuple[str, ...]:
        """What a recogniser should expect here, most useful first; see ``routing.hints``."""
        return hints(self.directory, limit, street=street)

    def _candidate(self, fit: Fit) -> Candidate:
        return Candidate(self.directory.communities[fit.row], round(100 * max(0.0, 1 - fit.cost), 1))
