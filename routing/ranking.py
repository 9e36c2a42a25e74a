"""How well does each community fit one utterance? Names, their endings and the places in front, put together."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing import align, around, names, patterns, utterance
from routing.directory import Directory
from routing.names import Name
from routing.places import Hit, Places
from routing.utterance import Utterance
from routing.weights import Weights

SHORTLIST = 256
WITHIN = 1.2  # of the best score: what is further off is no candidate
MOST_ROWS = 400  # bearers of one name worth listing: the caller must tell their street anyway


@dataclass(frozen=True, slots=True)
class Fit:
    """How one community fits. ``cost`` is what is unexplained, a syllable; ``score`` ranks it against others.

    ``tokens`` were compared with ``pattern``; ``place`` was named in front of it.
    """

    row: int
    score: float
    cost: float
    pattern: int
    heard: Utterance
    place: str = ""


class Ranker:
    """The names of one directory, ready to be compared. Immutable after it was built."""

    def __init__(self, directory: Directory, weights: Weights) -> None:
        self.weights = weights
        rows: dict[Name, list[int]] = {}
        for row, community in enumerate(directory):
            for published in (community.name, *community.aliases):
                if (name := names.parse(published)).core:
                    rows.setdefault(name, []).append(row)
        self.names = list(rows)
        self.rows = [np.array(listed) for listed in rows.values()]
        self.patterns = patterns.build(self.names)
        self.places = Places(directory.communities, weights)
        self.of_row: dict[int, list[int]] = {}
        for pattern, listed in enumerate(self.rows):
            for row in listed.tolist():
                self.of_row.setdefault(row, []).append(pattern)

    def rank(self, text: str) -> tuple[list[Fit], list[Hit]]:
        """The communities that fit *text*, best first (by code when equal), and the places it names."""
        best: dict[int, Fit] = {}
        hits: list[Hit] = []
        if not self.names:
            return [], hits
        for heard in utterance.read(text):
            here = self.places.named_in(heard)
            hits += here
            for fit in self._fits(heard, None):
                self._keep(best, fit)
            for hit in here:
                if rest := heard.tokens[hit.end :]:
                    for fit in self._fits(Utterance(rest), hit):
                        self._keep(best, fit)
        return sorted(best.values(), key=lambda fit: (-fit.score, fit.row)), hits

    @staticmethod
    def _keep(best: dict[int, Fit], fit: Fit) -> None:
        if fit.row not in best or fit.score > best[fit.row].score:
            best[fit.row] = fit

    def _fits(self, heard: Utterance, hit: Hit | None) -> Iterator[Fit]:
        among = None if hit is None else self._patterns_of(hit.rows)
        if among is not None and not len(among):
            return
        costs = self.patterns.costs(heard.rows)
        chosen = self.patterns.shortlist(costs, self.weights, SHORTLIST, among)
        gain = align.gains(self.patterns, chosen, costs, heard.characters, self.weights)
        extra = [
            self.weights.align.extra_particle if token.particle else self.weights.align.extra for token in heard.tokens
        ]
        path = align.paths(gain, around.before(heard.tokens, self.weights), np.array(extra, np.float32), self.weights)
        by_end = align.scores(self.patterns, chosen, path, around.after(heard, self.weights), self.weights)
        scores = by_end.max(axis=1)
        bonus = 0.0 if hit is None else self.weights.place.bonus - hit.cost / 2
        inside = None if hit is None else set(hit.rows.tolist())
        for k in np.flatnonzero(scores >= scores.max() - WITHIN):
            pattern = int(chosen[k])
            score = float(scores[k])
            cost = self.weights.align.reward - score / int(self.patterns.lengths[pattern])
            for row in self.rows[pattern][:MOST_ROWS].tolist():
                if inside is None or row in inside:
                    yield Fit(row, score + bonus, cost, pattern, heard, hit.name if hit else "")

    def _patterns_of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.array(sorted({pattern for row in rows.tolist() for pattern in self.of_row.get(row, ())}), np.int64)
