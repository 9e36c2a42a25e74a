"""Which community was named: the answer to one utterance, and how sure it is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from routing.decide import Decision, decide
from routing.directory import Community, Directory
from routing.explain import why
from routing.hints import hints
from routing.ranking import WITHIN, Fit, Ranker
from routing.weights import Weights, shipped

__all__ = ["Candidate", "Decision", "Match", "Matcher"]

MOST_EARLIER = 2  # utterances whose evidence still counts


@dataclass(frozen=True, slots=True)
class Candidate:
    """A community that may have been named. ``score`` 0-100, ``why`` explains it to staff ("迎→银 ying/yin")."""

    community: Community
    score: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """What one utterance says about the community.

    ``candidates`` are the at most three worth offering, best first; those of a reject only came nearest. ``reason``
    says why a reject is one. ``places``: the streets or towns that were named, clearest first.
    """

    decision: Decision
    candidates: tuple[Candidate, ...] = ()
    reason: str = ""
    places: tuple[str, ...] = ()


class Matcher:
    """Matches spoken names against one directory. Built once, then read by many threads."""

    def __init__(self, directory: Directory, weights: Weights | None = None) -> None:
        self.directory = directory
        self.weights = weights or shipped()
        self.ranker = Ranker(directory, self.weights)

    def match(self, heard: str, *, without: Collection[str] = (), earlier: Sequence[str] = ()) -> Match:
        """The communities that *heard* may name.

        Args:
            heard: a recogniser's text, any script, may be empty or nonsense; only its beginning is looked at.
            without: codes the caller has refused already.
            earlier: what the caller said before about the same question, oldest first. Two uncertain hearings of
                one name are worth more than one, and a street said now tells the bearers of a name said before apart.
        """
        fits, hits = self.ranker.rank(heard)
        for text in earlier[-MOST_EARLIER:]:
            before, named = self.ranker.rank(text)
            hits = hits + named
            fits = self._together(fits, before, {row for hit in hits for row in self._rows(hit.place)})
        fits = [fit for fit in fits if self.directory.communities[fit.row].code not in without]
        decision, offered = decide(fits, self.weights.decide)
        places = tuple(dict.fromkeys(hit.name for hit in hits))
        reason = self._reason(bool(fits), places) if decision is Decision.REJECT else ""
        return Match(decision, tuple(map(self._candidate, offered)), reason, places)

    def hints(self, limit: int = 500, *, street: str | None = None) -> tuple[str, ...]:
        """What a recogniser should expect here, most useful first; see ``routing.hints``."""
        return hints(self.directory, limit, street=street)

    def _candidate(self, fit: Fit) -> Candidate:
        return Candidate(self.directory.communities[fit.row], round(100 * max(0.0, 1 - fit.cost), 1), why(fit))

    def _rows(self, place: int) -> list[int]:
        rows: list[int] = self.ranker.places.rows[place].tolist()
        return rows

    def _together(self, now: list[Fit], before: list[Fit], inside: set[int]) -> list[Fit]:
        """Two rankings as one: each row counts by how far it was behind the best, both times.

        A ranking that knows nothing likely says nothing; *inside* are the rows of places named either time.
        """
        told = [fits for fits in (now, before) if decide(fits, self.weights.decide)[0] is not Decision.REJECT]
        if not told:
            return now
        merged: dict[int, Fit] = {}
        for fit in (fit for fits in told for fit in fits):
            behind = sum(self._behind(fit.row, fits) for fits in told)
            outside = WITHIN if inside and fit.row not in inside else 0.0
            cost = min(fit.cost, merged[fit.row].cost) if fit.row in merged else fit.cost
            merged[fit.row] = replace(fit, score=-behind - outside, cost=cost)
        return sorted(merged.values(), key=lambda fit: (-fit.score, fit.row))

    @staticmethod
    def _behind(row: int, fits: list[Fit]) -> float:
        return next((fits[0].score - fit.score for fit in fits if fit.row == row), WITHIN)

    def _reason(self, anything: bool, places: tuple[str, ...]) -> str:
        if not len(self.directory):
            return "the directory is empty"
        if not anything:
            return "nothing was said"
        return f"only {places[0]} was named" if places else "nothing in the directory sounds like it"
