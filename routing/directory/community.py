"""What is known of one community, and how many of them are kept in little memory."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from routing.arrays.packed import Pen, Sparse, Texts

LEVELS = ("street", "district", "city", "province")


@dataclass(frozen=True, slots=True)
class Community:
    """One community or village, as staff and callers know it.

    ``code`` is the authority's number of the place (12 digits in China), any non-empty text elsewhere.
    ``keypad`` is the three-digit number printed on its leaflet (never beginning with 0), ``dialled`` the hotline
    number (E.164) that only its residents ring, ``phone`` the community's own office (E.164).
    """

    code: str
    name: str
    street: str
    district: str
    city: str = ""
    province: str = ""
    aliases: tuple[str, ...] = ()
    phone: str | None = None
    keypad: str | None = None
    dialled: str | None = None

    @property
    def within(self) -> tuple[str, ...]:
        """The larger places it lies in, by ``LEVELS``."""
        return self.street, self.district, self.city, self.province


@dataclass(frozen=True, slots=True)
class Columns:
    """Communities in code order, a tenth of what they take as objects."""

    codes: Texts
    names: Texts
    within: NDArray[np.int32]  # (n,), which of ``chains`` they lie in
    chains: Texts  # each distinct ``Community.within``, its LEVELS one after the other
    aliases: Sparse
    phones: Sparse
    keypads: Sparse
    dialled: Sparse

    @classmethod
    def of(cls, communities: Iterable[Community]) -> "Columns":
        codes, names = Pen(), Pen()
        within: list[int] = []
        chains: dict[tuple[str, ...], int] = {}
        few: dict[str, list[tuple[int, str]]] = {"aliases": [], "phone": [], "keypad": [], "dialled": []}
        for row, each in enumerate(communities):
            codes.write(each.code)
            names.write(each.name)
            within.append(chains.setdefault(each.within, len(chains)))
            few["aliases"] += ((row, alias) for alias in each.aliases)
            for field in ("phone", "keypad", "dialled"):
                if (value := getattr(each, field)) is not None:
                    few[field].append((row, value))
        listed = cls(
            codes.texts(),
            names.texts(),
            np.array(within, np.int32),
            Texts.of(place for chain in chains for place in chain),
            *map(Sparse.of, few.values()),
        )
        return listed.sorted()

    def sorted(self) -> "Columns":
        """In code order; those of one code stay as they are."""
        if all(one <= other for one, other in pairwise(self.codes)):
            return self
        codes = list(self.codes)
        order = sorted(range(len(codes)), key=codes.__getitem__)
        return Columns(
            Texts.of(codes[row] for row in order),
            Texts.of(self.names[row] for row in order),
            self.within[order],
            self.chains,
            *(column.reordered(order) for column in (self.aliases, self.phones, self.keypads, self.dialled)),
        )

    def community(self, row: int) -> Community:
        phone, keypad, dialled = (next(iter(column[row]), None) for column in (self.phones, self.keypads, self.dialled))
        first = int(self.within[row]) * len(LEVELS)
        street, district, city, province = (self.chains[first + level] for level in range(len(LEVELS)))
        return Community(
            self.codes[row],
            self.names[row],
            street,
            district,
            city,
            province,
            self.aliases[row],
            phone,
            keypad,
            dialled,
        )
