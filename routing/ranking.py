"""How well does each community fit one utterance? Names, their endings and the places in front, put together."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from routing import align, around, names, patterns, utterance
from routing.directory import Directory
from routing.names import Name
from routing.places import Hit, Places
from routing.utterance import Utterance
from routing.weights import Weights

WITHIN = 1.2  # of the best score: what is further off is no candidate
MOST_ROWS = 400  # bearers of one name worth listing: the caller must tell their street anyway


@dataclass(frozen=True)
class Fit:
    """How one community fits. ``cost`` is what is unexplained, a syllable; ``score`` ranks it against others.

    ``pairs`` says which token of ``heard`` each syllable of the name was found in; ``place`` was named in front of it.
    """

    row: int
    score: float
    cost: float
    name: Name
    heard: Utterance
    place: str
    alignment: align.Alignment

    @cached_property
    def pairs(self) -> tuple[tuple[int, int | None], ...]:
        return self.alignment.pairs()

    @property
    def missing(self) -> float:
        """The share of the name's syllables that were not heard."""
        return sum(token is None for _, token in self.pairs) / len(self.pairs)


class Ranker:
    """The names of one directory, ready to be compared. Immutable after it was built."""

    def __init__(self, directory: Directory, weights: Weights) -> None:
        self.weights = weights
        rows: dict[Name, list[int]] = {}
        for row, community in enumerate(directory):
            for name in dict.fromkeys(map(names.parse, (community.name, *community.aliases))):
                if name.core:
                    rows.setdefault(name, []).append(row)
        self.names = sorted(rows, key=patterns.longest_first)
        self.rows = [np.array(rows[name]) for name in self.names]
        self.patterns = patterns.build(self.names)
        self.places = Places(directory.communities, weights)
        of_row: list[list[int]] = [[] for _ in directory]
        for pattern, listed in enumerate(self.rows):
            for row in listed.tolist():
                of_row[row].append(pattern)
        self.in_place = [
            np.unique(np.array([pattern for row in inside.tolist() for pattern in of_row[row]], np.int64))
            for inside in self.places.rows
        ]

    def rank(self, text: str) -> tuple[list[Fit], list[Hit]]:
        """The communities that fit *text*, best first (by code when equal), and the places it names."""
        best: dict[int, Fit] = {}
        hits: list[Hit] = []
        for heard in utterance.read(text) if self.names else ():
            named = self.places.named_in(heard)
            hits += named
            behind = ((Utterance(heard.tokens[hit.end :]), hit) for hit in named)
            for part, hit in [(heard, None), *behind]:
                for fit in self._fits(part, hit):
                    if fit.row not in best or fit.score > best[fit.row].score:
                        best[fit.row] = fit
        return sorted(best.values(), key=lambda fit: (-fit.score, fit.row)), hits

    def _fits(self, heard: Utterance, hit: Hit | None) -> Iterator[Fit]:
        """The communities that fit what was heard, or what was heard behind a place, each by its best name."""
        among = None if hit is None else self.in_place[hit.place]
        if not heard.tokens or (among is not None and not len(among)):
            return
        weights = self.weights
        chosen = self.patterns.shortlist(
            heard.namelike(weights.ending.loose), weights, patterns.enough(len(self.names)), among
        )
        gain = align.gains(self.patterns, chosen, heard, weights)
        extra = np.where(heard.hesitant, weights.align.extra_hesitant, weights.align.extra)
        before = around.before(heard.tokens, weights)
        path = align.paths(gain, before, extra, weights)
        by_end = align.scores(self.patterns, chosen, path, around.after(heard, weights), weights)
        scores = by_end.max(axis=1)
        for k in np.flatnonzero(scores >= scores.max() - WITHIN).tolist():
            pattern, length = int(chosen[k]), int(self.patterns.lengths[chosen[k]])
            cost = weights.align.reward - float(scores[k]) / length
            score = float(scores[k]) + (0.0 if hit is None else self._bonus(hit, cost))
            aligned = align.Alignment(gain[:, k], path[:, k], by_end[k], before, extra, length, weights)
            for row in self._bearers(pattern, hit):
                yield Fit(row, score, cost, self.names[pattern], heard, hit.name if hit else "", aligned)

    def _bearers(self, pattern: int, hit: Hit | None) -> list[int]:
        rows = self.rows[pattern]
        if hit is not None:
            rows = np.intersect1d(rows, self.places.rows[hit.place], assume_unique=True)
        found: list[int] = rows[:MOST_ROWS].tolist()
        return found

    def _bonus(self, hit: Hit, cost: float) -> float:
        """What a place in front adds to a name of that *cost*: its syllables are explained if a name really follows."""
        place = self.weights.place
        return place.bonus - hit.cost / 2 + place.syllable * hit.length * max(0.0, 1 - cost / place.hollow)
