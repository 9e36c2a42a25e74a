"""What can be known of a directory's names before anybody speaks? Built once, saved, and read by many."""

from array import array
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from routing import names
from routing.community import LEVELS, Columns
from routing.names import Name
from routing.packed import Ragged, Texts
from routing.pairs import Pairs
from routing.patterns import Patterns
from routing.worth import Sounds


@dataclass(frozen=True, slots=True)
class Known:
    """The distinct names of communities, or of the places they lie in, and who bears them."""

    patterns: Patterns
    pairs: Pairs
    rows: Ragged  # the communities of each pattern


@dataclass(frozen=True, slots=True)
class Index:
    """All names of one directory. A place is known by its core: 和平街道 and 和平区 are one, wherever they are."""

    sounds: NDArray[np.int16]  # (S, READINGS)
    names: Known
    places: Known
    place_names: Texts  # of each place, one as published
    in_place: Ragged  # the names' patterns in each place

    @classmethod
    def build(cls, columns: Columns) -> "Index":
        sounds = Sounds()
        named, named_rows = _names(columns)
        placed, place_names, places_of_chain = _places(columns)
        names_patterns, places_patterns = (Patterns.build(listed, sounds) for listed in (named, placed))
        size = len(sounds.known)
        places, rows = places_of_chain.gather(columns.within)
        place_rows = Ragged.group(places, rows, len(placed))
        bearers = np.repeat(np.arange(len(named)), np.diff(named_rows.starts))
        places, which = places_of_chain.gather(columns.within[named_rows.values])
        return cls(
            sounds.table(),
            Known(names_patterns, Pairs.of(names_patterns, size), named_rows),
            Known(places_patterns, Pairs.of(places_patterns, size), place_rows),
            Texts.of(place_names),
            Ragged.group(places, bearers[which], len(placed)),
        )


def _names(columns: Columns) -> tuple[list[Name], Ragged]:
    """The distinct names and aliases, longest first, and the rows that bear them."""
    numbers: dict[Name, int] = {}
    bearers, rows = array("i"), array("i")
    for row, text in chain(enumerate(columns.names), columns.aliases):
        name = names.parse(text)
        if name.core:
            bearers.append(numbers.setdefault(name, len(numbers)))
            rows.append(row)
    listed, place = _longest_first(list(numbers))
    return listed, Ragged.group(place[bearers], rows, len(listed))


def _places(columns: Columns) -> tuple[list[Name], list[str], Ragged]:
    """The distinct places, longest first, each as published somewhere, and those of every chain."""
    published: dict[Name, str] = {}
    numbers: dict[Name, int] = {}
    chains, members = array("i"), array("i")
    for at, text in enumerate(columns.chains):
        if core := names.place(text):
            place = Name(core, 0)
            published.setdefault(place, text)
            chains.append(at // len(LEVELS))
            members.append(numbers.setdefault(place, len(numbers)))
    listed, place_of = _longest_first(list(numbers))
    of_chain = Ragged.group(chains, place_of[members], len(columns.chains) // len(LEVELS))
    return listed, [published[place] for place in listed], of_chain


def _longest_first(listed: list[Name]) -> tuple[list[Name], NDArray[np.int64]]:
    """In the order of ``Patterns``, and where each name has gone."""
    order = sorted(range(len(listed)), key=lambda at: -len(listed[at].core))
    now = np.empty(len(order), np.int64)
    now[order] = np.arange(len(order))
    return [listed[at] for at in order], now
