"""Which streets, districts or towns were named in front of a name? They tell its bearers apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing import align, names, patterns
from routing.directory import Community
from routing.names import Name
from routing.utterance import PLACE, Utterance
from routing.weights import Weights

LEVELS = ("street", "district", "city", "province")
MOST_HITS = 4  # readings of the front of an utterance worth following


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that was named: its number in ``Places``, the token behind it, its syllables and their cost in sound."""

    place: int
    name: str
    end: int
    length: int
    cost: float


class Places:
    """All larger places of a directory."""

    def __init__(self, communities: Sequence[Community], weights: Weights) -> None:
        self.weights = weights
        rows: dict[tuple[str, ...], list[int]] = {}
        for row, community in enumerate(communities):
            chain = tuple(getattr(community, level) for level in LEVELS)
            for depth in range(len(LEVELS)):
                if chain[depth]:
                    rows.setdefault(chain[depth:], []).append(row)
        named = [(Name(names.place(chain[0]), 0), chain[0], np.array(listed)) for chain, listed in rows.items()]
        named.sort(key=lambda each: patterns.longest_first(each[0]))
        self.names = [name for _, name, _ in named]
        self.rows = [listed for _, _, listed in named]
        self.patterns = patterns.build([core for core, _, _ in named])

    def named_in(self, heard: Utterance) -> list[Hit]:
        """The places *heard* may name, at most ``MOST_HITS``: clearest first, of those equally clear the narrowest."""
        if not self.names:
            return []
        chosen = self.patterns.shortlist(heard.rows, self.weights, patterns.enough(len(self.names)))
        gain = align.gains(self.patterns, chosen, heard, self.weights)
        free = np.zeros(len(heard.tokens), np.float32)
        path = align.paths(gain, free, free + self.weights.align.extra, self.weights)
        by_end = align.scores(self.patterns, chosen, path, np.zeros((names.KINDS, len(free)), np.float32), self.weights)
        lengths = self.patterns.lengths[chosen, None]
        each_cost = self.weights.align.reward - by_end / lengths
        hits = []
        for k, last in np.argwhere(each_cost <= self.weights.place.loose):
            at = int(chosen[k])
            kind, size = heard.endings(self.weights.ending.loose).get(int(last) + 1, (0, 0))
            end = int(last) + 1 + (size if kind == PLACE else 0)
            length = int(lengths[k, 0])
            hits.append(Hit(at, self.names[at], end, length, float(each_cost[k, last]) * length))
        hits.sort(key=lambda hit: (round(hit.cost, 1), len(self.rows[hit.place])))
        return hits[:MOST_HITS]
