"""How well does each community fit one utterance? Names, their endings and the places in front, put together."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from routing.arrays.packed import contained
from routing.matching import around, named_places
from routing.matching.align import IMPOSSIBLE, Alignments, align
from routing.matching.index import Index
from routing.matching.like_talk import likenesses
from routing.matching.named_places import Hit
from routing.matching.shortlist import Shortlist
from routing.matching.weights import Weights
from routing.matching.worth import Inventory
from routing.speech import utterance
from routing.speech.names import Name
from routing.speech.utterance import Utterance

WITHIN = 1.2  # of the best score: what is further off is no candidate
MAX_FITS = 400  # bearers of one name worth listing: the caller must tell their street anyway
MAX_APART = 2  # names in other parts of the sentence
NAMED_PLACE = 2  # syllables of 街道
MAX_ALIGNED = 128  # names, of all and of those in each place that was named


@dataclass(frozen=True)
class Fit:
    """How one community fits: by the ``k``-th of the names that were aligned with what was ``heard``.

    ``score`` ranks it against others; ``place`` was named in front of it. ``apart``: it was heard as clearly as the
    best one, in another part of the sentence.
    """

    row: int
    score: float
    heard: Utterance
    place: str
    aligned: Alignments
    k: int
    apart: bool = False

    @cached_property
    def cost(self) -> float:
        """What is unexplained, a syllable."""
        return float(self.aligned.costs[self.k])

    @cached_property
    def name(self) -> Name:
        return self.aligned.name(self.k)

    @cached_property
    def pairs(self) -> tuple[tuple[int, int | None], ...]:
        """In which token of ``heard`` each syllable of the name was found."""
        return self.aligned.pairs(self.k)

    @cached_property
    def distances(self) -> list[float]:
        """How far what was heard is from each of the name's syllables that was found, 0-1."""
        return self.aligned.distances(self.k)

    @property
    def beside(self) -> float:
        """The part of ``cost`` that is not in how the syllables sound: what is missing, in between and around."""
        return self.cost - self.aligned.weights.align.weight * sum(self.distances) / len(self.pairs)

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last token of ``heard`` that belong to the name."""
        found = [token for _, token in self.pairs if token is not None]
        return min(found), max(found)

    @property
    def written(self) -> int:
        """How many of the name's syllables are written as they were heard."""
        syllables, tokens = self.name.syllables, self.heard.tokens
        return sum(at is not None and tokens[at].text == syllables[syllable] for syllable, at in self.pairs)

    @property
    def missing(self) -> float:
        """The share of the name's syllables that were not heard."""
        return sum(token is None for _, token in self.pairs) / len(self.pairs)


class Ranker:
    """The names of one directory, ready to be compared. Immutable after it was built."""

    def __init__(self, within: NDArray[np.int32], index: Index, weights: Weights) -> None:
        self.within, self.index, self.weights = within, index, weights
        self.inventory = Inventory(index.sounds, weights)
        self.words, self.like_talk = tuple(index.words), likenesses(index.talk, index.goes_on)

    def rank(self, text: str, most: int = MAX_FITS) -> tuple[list[Fit], list[Hit]]:
        """The *most* communities that fit *text* best, best first (by code when equal), and the places it names.

        Behind them those that were named apart, where there are any.
        """
        best: dict[int, Fit] = {}
        hits: list[Hit] = []
        readings = utterance.read(text, self.words, self.like_talk) if len(self.index.names.patterns) else ()
        for heard in readings:
            # Letters that are cut into more syllables are not better understood for it.
            handicap = self.weights.align.reward * (len(heard.tokens) - len(readings[0].tokens))
            fits, named = self._read(heard, most, handicap)
            hits += named
            for fit in fits:
                if fit.row not in best or fit.score > best[fit.row].score:
                    best[fit.row] = fit
        ranked = sorted(best.values(), key=lambda fit: (fit.apart, -fit.score, fit.row))
        return [fit for n, fit in enumerate(ranked) if n < most or fit.apart], hits

    def _read(self, heard: Utterance, most: int, handicap: float) -> tuple[list[Fit], list[Hit]]:
        """Names are aligned with all that was heard, and those in each place that was named with what follows it."""
        weights, names = self.weights, self.index.names
        worth = self.inventory.worth(heard)
        endings = heard.endings(weights.ending.loose)
        hits = named_places.named_in(worth, endings, self.index.places, weights)
        parts = [None, *(hit for hit in hits if hit.end < len(heard.tokens))]
        starts = [0 if hit is None else hit.end for hit in parts]
        likely = Shortlist.of(names.patterns, names.pairs, worth, weights)
        inside = [likely if hit is None else likely.among(self.index.places.names[hit.place]) for hit in parts]
        chosen = [each.best(MAX_ALIGNED) for each in inside]
        part, together = np.repeat(np.arange(len(parts)), [len(each) for each in chosen]), np.concatenate(chosen)
        begins, ends = (
            names.patterns.lengths[together, None] * fee for fee in around.elsewhere(heard.tokens, endings, weights)
        )
        aligned = align(
            names.patterns,
            together,
            worth,
            around.before(heard.tokens, starts, weights)[part] + begins,
            np.where(heard.hesitant, weights.align.extra_hesitant, weights.align.extra).astype(np.float32),
            around.after(heard.tokens, endings, starts, weights)[part, names.patterns.kinds[together]] + ends,
            weights,
        )
        found = [self._bearers(aligned, np.flatnonzero(part == n), hit) for n, hit in enumerate(parts)]
        rows, scores, which = (np.concatenate(column) for column in zip(*found, strict=True))
        fits = []
        for at in _best(rows, scores, most).tolist():
            k = int(which[at])
            hit = parts[part[k]]
            fits.append(Fit(int(rows[at]), float(scores[at]) - handicap, heard, hit.name if hit else "", aligned, k))
        if fits:
            hit = parts[part[fits[0].k]]
            fits += self._apart(fits[0], 0 if hit is None else hit.length + NAMED_PLACE)
        return fits, hits

    def _apart(self, best: Fit, place: int) -> list[Fit]:
        """Names that were heard clearly in other parts of the sentence than the *best* and *place* tokens before it."""
        aligned, (first, last) = best.aligned, best.span
        ends = aligned.by_end.argmax(axis=1)
        elsewhere = (ends < first - place) | (ends > last)
        clear = np.flatnonzero((aligned.costs <= self.weights.decide.second) & elsewhere)
        fits = []
        for k in clear[aligned.costs[clear].argsort(kind="stable")].tolist():
            for row in self.index.names.rows[aligned.chosen[k]][:MAX_APART].tolist():
                fit = Fit(row, float(aligned.scores[k]), best.heard, "", aligned, k, apart=True)
                if row != best.row and (fit.span[1] < first or fit.span[0] > last):
                    fits.append(fit)
            if len(fits) >= MAX_APART:
                break
        return fits[:MAX_APART]

    def _bearers(
        self, aligned: Alignments, part: NDArray[np.int64], hit: Hit | None
    ) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int64]]:
        """The communities behind those names of a part that fit: rows, scores, and which name it was, (n,) each."""
        scores = aligned.scores[part]
        near = scores >= scores.max(initial=IMPOSSIBLE) - WITHIN
        part, scores = part[near], scores[near]
        rows, which = self.index.names.rows.gather(aligned.chosen[part])
        if hit is not None:
            scores = scores + self._bonus(hit, aligned.costs[part])
            here = contained(self.within[rows], self.index.places.chains[hit.place])
            rows, which = rows[here], which[here]
        return rows, scores[which], part[which]

    def _bonus(self, hit: Hit, costs: NDArray[np.float64]) -> NDArray[np.float64]:
        """What a place in front adds to names of these costs: it is explained if a name really follows."""
        place = self.weights.place
        follows = np.maximum(0, 1 - costs / place.hollow)
        bonus: NDArray[np.float64] = place.bonus - hit.cost / 2 + place.syllable * hit.length * follows
        return bonus


def _best(rows: NDArray[np.int32], scores: NDArray[np.float32], most: int) -> NDArray[np.int64]:
    """Where the *most* best scores are, best first, one a row; of equal scores the first row."""
    order = np.lexsort((rows, -scores))
    _, first = np.unique(rows[order], return_index=True)
    return order[np.sort(first)[:most]]
