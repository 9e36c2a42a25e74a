"""What helps callers whose communities sound alike? A number on the leaflet, where nothing else tells them apart."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from routing.directory import Community, Directory
from routing.tuning.confusable import SAME, ClosePair

KEYPAD_NUMBERS = range(101, 1000)
EMERGENCY = frozenset({"110", "112", "119", "120", "122", "911", "999"})  # nobody should learn these for anything else


@dataclass(frozen=True, slots=True)
class Remedy:
    """A pair that callers confuse. ``by_street``: they are asked for the street, which differs.

    ``keypads``: free keypad numbers for those of the two that have none.
    """

    pair: ClosePair
    by_street: bool
    keypads: tuple[tuple[Community, str], ...]


def remedies(pairs: Iterable[ClosePair], directory: Directory) -> Iterator[Remedy]:
    """A remedy for each pair. A community is offered the same number every time it comes, as long as there are some."""
    free = free_keypads(directory)
    offered: dict[str, str | None] = {community.code: community.keypad for community in directory}
    new: dict[str, str] = {}
    for pair in pairs:
        for community in (pair.one, pair.other):
            if offered[community.code] is None and (number := next(free, None)):
                offered[community.code] = new[community.code] = number
        both = (pair.one, pair.other)
        yield Remedy(
            pair,
            by_street=pair.distance == SAME and pair.one.street != pair.other.street,
            keypads=tuple((community, new[community.code]) for community in both if community.code in new),
        )


def free_keypads(directory: Directory) -> Iterator[str]:
    """The three-digit numbers that no community has, smallest first."""
    taken = directory.by_keypad.keys() | EMERGENCY
    return (str(number) for number in KEYPAD_NUMBERS if str(number) not in taken)
