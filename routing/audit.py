"""Which communities will callers and recognisers confuse? Pairs of names that sound the same or nearly the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from routing import names
from routing.directory import Community, Directory
from routing.phonetics import COST

SAME, NEARLY = 0.0, 0.3  # distance of two names: the sum of their syllables', 1 for a syllable with nothing in common


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
    """
    best: dict[tuple[int, int], float] = {}
    for one, other, distance in _pairs(_spoken(directory)):
        if one != other:
            key = (min(one, other), max(one, other))
            best[key] = min(distance, best.get(key, distance))
    closest = sorted(best.items(), key=lambda each: (each[1], each[0]))[:limit]
    return [ClosePair(directory[one], directory[other], round(distance, 2)) for (one, other), distance in closest]


def _spoken(directory: Directory) -> dict[tuple[int, ...], list[int]]:
    """The rows of each sound of a name."""
    spoken: dict[tuple[int, ...], list[int]] = {}
    for row, community in enumerate(directory):
        for name in dict.fromkeys(map(names.parse, (community.name, *community.aliases))):
            if name.core:
                spoken.setdefault(tuple(s[0] for s in name.sounds), []).append(row)
    return spoken


def _pairs(spoken: dict[tuple[int, ...], list[int]]) -> Iterator[tuple[int, int, float]]:
    """Pairs of rows with the distance of their sounds, up to ``NEARLY``."""
    for rows in spoken.values():
        yield from ((one, other, SAME) for one, other in combinations(rows, 2))
    by_length: dict[int, list[tuple[int, ...]]] = {}
    for sound in spoken:
        by_length.setdefault(len(sound), []).append(sound)
    for listed in by_length.values():
        table = np.array(listed)
        for at, sound in enumerate(listed):
            distance = sum(COST[syllable, table[at + 1 :, n]] for n, syllable in enumerate(sound))
            for near in np.flatnonzero(distance <= NEARLY):
                for one in spoken[sound]:
                    for other in spoken[listed[at + 1 + int(near)]]:
                        yield one, other, float(distance[near])
