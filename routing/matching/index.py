"""What can be known of a directory's names before anybody speaks? Built once, saved, and read by many."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from routing.arrays.packed import Ragged, Texts
from routing.directory.community import LEVELS, Columns
from routing.matching.like_talk import phrases
from routing.matching.pairs import Pairs
from routing.matching.patterns import Patterns
from routing.matching.worth import Sounds
from routing.speech import latin, names
from routing.speech.latin import WORD
from routing.speech.names import Name


@dataclass(frozen=True, slots=True)
class Names:
    """The distinct names of communities and who bears them."""

    patterns: Patterns
    pairs: Pairs
    rows: Ragged  # of each pattern


@dataclass(frozen=True, slots=True)
class Places:
    """The distinct larger places by their core: 和平街道 and 和平区 are one, wherever they are."""

    patterns: Patterns
    pairs: Pairs
    published: Texts  # the name of each, one that it has somewhere
    chains: Ragged  # ``Columns.chains`` that each is part of
    sizes: NDArray[np.int32]  # communities in each
    names: Ragged  # patterns of the names in each


@dataclass(frozen=True, slots=True)
class Index:
    """All names of one directory."""

    sounds: NDArray[np.int16]  # (S, READINGS)
    names: Names
    places: Places
    words: Texts  # in Latin letters, that names have and pinyin has not
    talk: Texts  # phrases of talk that names begin like
    goes_on: Ragged  # the syllables with which they do, of each phrase

    @classmethod
    def build(cls, columns: Columns) -> "Index":
        sounds = Sounds()
        named, rows = _names(columns)
        placed, published, of_chain = _places(columns)
        name_patterns, place_patterns = (Patterns.build(listed, sounds) for listed in (named, placed))
        size = len(sounds.known)
        bearers = np.repeat(np.arange(len(named), dtype=np.int32), np.diff(rows.starts))
        inside, which = of_chain.gather(columns.within[rows.values])
        chains = np.repeat(np.arange(len(of_chain), dtype=np.int32), np.diff(of_chain.starts))
        in_chain = np.bincount(columns.within, minlength=len(of_chain))
        places = Places(
            place_patterns,
            Pairs.of(place_patterns, size),
            Texts.of(published),
            Ragged.group(of_chain.values, chains, len(placed)),
            np.bincount(of_chain.values, in_chain[chains], len(placed)).astype(np.int32),
            Ragged.group(inside, bearers[which], len(placed)),
        )
        words = Texts.of(sorted({word for name in named for word in _foreign(name.core)}))
        table = sounds.table()
        like_talk = phrases(name_patterns, table)
        return cls(table, Names(name_patterns, Pairs.of(name_patterns, size), rows), places, words, *like_talk)


def _foreign(core: str) -> Iterator[str]:
    return (word for word in map(str.lower, WORD.findall(core)) if not latin.cuts(word))


def _names(columns: Columns) -> tuple[list[Name], Ragged]:
    """The distinct names and aliases, longest first, and the rows that bear them."""
    numbers: dict[Name, int] = {}
    bearers, rows = array("i"), array("i")
    for row, text in chain(enumerate(columns.names), columns.aliases):
        for name in names.said(text):
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
        place = Name(names.place(text), 0)
        if place.syllables:
            published.setdefault(place, text)
            chains.append(at // len(LEVELS))
            members.append(numbers.setdefault(place, len(numbers)))
    listed, place_of = _longest_first(list(numbers))
    of_chain = Ragged.group(chains, place_of[members], len(columns.chains) // len(LEVELS))
    return listed, [published[place] for place in listed], of_chain


def _longest_first(listed: list[Name]) -> tuple[list[Name], NDArray[np.int64]]:
    """In the order of ``Patterns``, and where each name has gone."""
    order = sorted(range(len(listed)), key=lambda at: -len(listed[at].syllables))
    now = np.empty(len(order), np.int64)
    now[order] = np.arange(len(order))
    return [listed[at] for at in order], now
