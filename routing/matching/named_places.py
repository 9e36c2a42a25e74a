"""Which streets, districts or towns were named in front of a name? They tell its bearers apart."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from routing.matching.align import align
from routing.matching.index import Places
from routing.matching.shortlist import Shortlist
from routing.matching.weights import Weights
from routing.matching.worth import Worth
from routing.speech.phonetics import TABLE
from routing.speech.utterance import PLACE

MAX_HITS = 4  # readings of the front of an utterance worth following
MAX_ALIGNED = 128


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that was named: its number in the index, the token behind it, its syllables and their cost in sound."""

    place: int
    name: str
    end: int
    length: int
    cost: float


def named_in(worth: Worth, endings: Mapping[int, tuple[int, int]], places: Places, weights: Weights) -> list[Hit]:
    """The at most ``MAX_HITS`` places that may have been named: clearest first, of equally clear the narrowest."""
    reward, loose = weights.align.reward, weights.place.loose
    patterns = places.patterns
    likely = Shortlist.of(patterns, places.pairs, worth, weights)
    written = weights.align.weight * TABLE["other_character"]  # the bound knows sounds only
    clear = likely.bounds >= (reward - loose - written) * patterns.lengths[likely.patterns]
    chosen = likely.where(clear).best(MAX_ALIGNED)
    if not len(chosen):
        return []
    none = np.zeros((len(chosen), len(worth.characters)), np.float32)
    by_end = align(patterns, chosen, worth, none, none[0] + weights.align.extra, none, weights).by_end
    costs = reward - by_end / patterns.lengths[chosen, None]
    hits = []
    for k, last in np.argwhere(costs <= loose).tolist():
        place, length = int(chosen[k]), int(patterns.lengths[chosen[k]])
        hits.append(Hit(place, places.published[place], last + 1, length, float(costs[k, last]) * length))
    size = len(worth.characters)  # where nothing follows, the place tells no names apart
    hits.sort(key=lambda hit: (hit.end == size, round(hit.cost, 1), places.sizes[hit.place]))
    return [ended for hit in hits[:MAX_HITS] for ended in _with_ending(hit, endings)]


def _with_ending(hit: Hit, endings: Mapping[int, tuple[int, int]]) -> list[Hit]:
    """The place with the word for its rank behind it; also without it, when it may be the name's first syllable."""
    kind, size = endings.get(hit.end, (0, 0))
    if kind != PLACE:
        return [hit]
    whole = replace(hit, end=hit.end + size)
    return [whole, hit] if size == 1 else [whole]
