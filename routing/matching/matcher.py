"""Which community was named: the answer to one utterance, and how sure it is."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from routing.arrays import saved
from routing.directory import Community, Directory
from routing.directory.community import Columns
from routing.matching.decide import LOOKED_AT, Decision, decide
from routing.matching.explain import Reason, Why, why
from routing.matching.hints import hints
from routing.matching.index import Index
from routing.matching.ranking import Fit, Ranker
from routing.matching.weights import Weights, shipped

__all__ = ["Candidate", "Decision", "Match", "Matcher"]

KEPT_HINTS = 64  # lists of at most 500 phrases: the directory's, and those of the streets lately asked about


@dataclass(frozen=True, slots=True)
class Candidate:
    """A community that may have been named. ``score`` 0-100, ``why`` says what of its name was heard as what."""

    community: Community
    score: float
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """What one utterance says about the community.

    ``candidates`` are the at most three worth offering, best first; those of a reject only came nearest. ``reason``
    says why a reject is one (see ``explain.Reason``). ``places``: the streets or towns that were named, clearest first.
    """

    decision: Decision
    candidates: tuple[Candidate, ...] = ()
    reason: Reason | None = None
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a matcher is made of, but for the weights."""

    columns: Columns
    index: Index


class Matcher:
    """Matches spoken names against one directory. Built once, then read by many threads."""

    def __init__(self, directory: Directory, weights: Weights | None = None, index: Index | None = None) -> None:
        self.directory = directory
        self.weights = weights or shipped()
        self.ranker = Ranker(directory.columns.within, index or Index.build(directory.columns), self.weights)
        self._hints = lru_cache(KEPT_HINTS)(partial(hints, directory))  # every question wants them again

    def save(self, path: Path, source: str) -> None:
        """Keep the directory and its index in a file; *source* tells it from other directories. Raises ``OSError``."""
        saved.save(path, source, _Kept(self.directory.columns, self.ranker.index))

    @classmethod
    def load(cls, path: Path, source: str) -> "Matcher":
        """The matcher of a saved file, shared with whoever loads the same. Raises ``saved.Unusable``."""
        kept = saved.load(path, source, _Kept)
        return cls(Directory(columns=kept.columns), index=kept.index)

    def match(self, heard: str, *, without: Collection[str] = ()) -> Match:
        """The communities that *heard* may name.

        Args:
            heard: a recogniser's text, any script, may be empty or nonsense; only its beginning is looked at.
            without: codes the caller has refused already.

        What two utterances say together is for ``routing.matching.evidence``.
        """
        fits, hits = self.ranker.rank(heard, LOOKED_AT + len(without))
        refused = set(map(self.directory.row, without))
        fits = [fit for fit in fits if fit.row not in refused]
        decision, offered = decide(fits, self.weights.decide)
        places = tuple(dict.fromkeys(hit.name for hit in hits))
        reason = self._reason(bool(fits), places) if decision is Decision.REJECT else None
        return Match(decision, tuple(map(self._candidate, offered)), reason, places)

    def hints(self, limit: int = 500, *, street: str | None = None) -> tuple[str, ...]:
        """What a recogniser should expect here, most useful first; see ``routing.matching.hints``."""
        return self._hints(limit, street=street)

    def _candidate(self, fit: Fit) -> Candidate:
        return Candidate(self.directory[fit.row], round(100 * max(0.0, 1 - fit.cost), 1), why(fit))

    def _reason(self, anything: bool, places: tuple[str, ...]) -> Reason:
        if not len(self.directory):
            return Reason.EMPTY
        if not anything:
            return Reason.SILENT
        return Reason.PLACE_ONLY if places else Reason.UNLIKE
