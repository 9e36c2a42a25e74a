"""Which communities will callers and recognisers confuse? Pairs of names that sound the same or nearly the same."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Hamming

from routing.directory import Community, Directory
from routing.directory.community import Columns
from routing.speech import names
from routing.speech.phonetics import COST, NO_SYLLABLE

SAME, NEARLY = 0.0, 0.3  # distance of two names: the sum of their syllables', 1 for a syllable with nothing in common
MERGED = 0.13  # syllables this close are one character to rapidfuzz: zh/z, n/l, in/ing, an/ang
AT_A_TIME = 512  # names compared with all others
PRIVATE = 0xE000  # the first character of Unicode's private use area

Sounds = tuple[int, ...]
Pair = tuple[float, int, int]


@dataclass(frozen=True, slots=True)
class ClosePair:
    """Two communities, in code order, and how far apart their names sound: 0 is the same."""

    one: Community
    other: Community
    distance: float

    def __str__(self) -> str:
        how = "sounds like" if self.distance == SAME else "nearly sounds like"
        one, other = (f"{c.name} ({c.street}, {c.code})" for c in (self.one, self.other))
        return f"{one} {how} {other}"


def close_pairs(directory: Directory, limit: int = 1000) -> list[ClosePair]:
    """The closest pairs of names and aliases, closest first, at most *limit*.

    Names of different length are not compared. The kind (社区 or 村) is no difference here: many callers leave it out.
    Only when all that sound the same are fewer than *limit*, those that sound nearly so are looked for.
    """
    spoken = _spoken(directory.columns)
    found = list(islice(_same(spoken), limit))
    if len(found) < limit:
        known = {pair[1:] for pair in found}
        nearly = (pair for pair in _nearest(_nearly(spoken)) if pair[1:] not in known)
        found += nsmallest(limit - len(found), nearly)
    return [ClosePair(directory[one], directory[other], round(distance, 2)) for distance, one, other in found]


def _spoken(columns: Columns) -> dict[Sounds, list[int]]:
    """The rows of each sound of a name, ascending."""
    spoken: dict[Sounds, list[int]] = {}
    for listed in (enumerate(columns.names), columns.aliases):
        for row, text in listed:
            if sounds := tuple(sound[0] for sound in names.parse(text).sounds):
                spoken.setdefault(sounds, []).append(row)
    return {sounds: sorted(set(rows)) for sounds, rows in spoken.items()}


def _same(spoken: Mapping[Sounds, list[int]]) -> Iterator[Pair]:
    """Pairs of rows that sound the same, in their order."""
    sharing: dict[int, list[list[int]]] = {}
    for rows in spoken.values():
        for row in rows[:-1]:
            sharing.setdefault(row, []).append(rows)
    for one in sorted(sharing):
        others = {other for rows in sharing[one] for other in rows[bisect_right(rows, one) :]}
        yield from ((SAME, one, other) for other in sorted(others))


def _nearly(spoken: Mapping[Sounds, list[int]]) -> Iterator[Pair]:
    """Pairs of rows with the distance of their sounds, up to ``NEARLY``.

    At most one syllable of such a pair is further off than ``MERGED``: rapidfuzz finds the pairs with at most one
    different merged syllable among all, and only those are weighed.
    """
    merged = _merged()
    by_length: dict[int, list[Sounds]] = {}
    for sounds in spoken:
        by_length.setdefault(len(sounds), []).append(sounds)
    for listed in by_length.values():
        written = ["".join(merged[syllable] for syllable in sounds) for sounds in listed]
        table = np.array(listed)
        for start in range(0, len(listed), AT_A_TIME):
            differing = process.cdist(
                written[start : start + AT_A_TIME],
                written[start:],
                scorer=Hamming.distance,
                score_cutoff=1,
                dtype=np.uint8,
                workers=-1,
            )
            one, other = np.nonzero(np.triu(differing <= 1, 1))
            one, other = one + start, other + start
            distance = COST[table[one], table[other]].sum(axis=1)
            for near in np.flatnonzero(distance <= NEARLY).tolist():
                for row in spoken[listed[one[near]]]:
                    yield from (
                        (float(distance[near]), min(row, beside), max(row, beside))
                        for beside in spoken[listed[other[near]]]
                        if row != beside
                    )


def _nearest(pairs: Iterator[Pair]) -> Iterator[Pair]:
    """Each pair of rows once, as near as any of their names are."""
    best: dict[tuple[int, int], float] = {}
    for distance, one, other in pairs:
        best[one, other] = min(distance, best.get((one, other), distance))
    return ((distance, one, other) for (one, other), distance in best.items())


def _merged() -> list[str]:
    """A private character for each syllable, the same for those that no more than ``MERGED`` tells apart."""
    close = COST <= MERGED
    for _ in range(len(COST)):  # what is close to what is close, until nothing is added
        wider = (close.astype(np.float32) @ close) > 0
        if (wider == close).all():
            break
        close = wider
    first = close.argmax(axis=1)
    return [chr(PRIVATE + int(first[syllable])) for syllable in range(NO_SYLLABLE + 1)]
