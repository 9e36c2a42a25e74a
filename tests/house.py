"""The picture of the house for docs/architecture.md, drawn from the tables of ``tests/test_architecture.py``.

``python -m tests.house`` prints what belongs between the markers there.
"""

import sys

from tests.test_architecture import HOUSES, ROOMS, place

UNDRAWN = ("ivr", "wsgi")  # the package itself, and the one line that servers load
ROOMS_A_LINE = 5


def mermaid() -> str:
    """Every house with its rooms; an arrow leads to what it may import, unless a longer way leads there as well."""
    drawn = [house for house in HOUSES if house not in UNDRAWN]
    nodes = [f'  {_node(house)}["{"<br>".join((f"<b>{house}</b>", *_rooms(house)))}"]' for house in drawn]
    arrows = [f"  {_node(house)} --> {_node(other)}" for house in drawn for other in sorted(_next(house))]
    return "\n".join(["flowchart TD", *nodes, *arrows])


def _node(house: str) -> str:
    return house.replace(".", "_")


def _rooms(house: str) -> list[str]:
    """Lines of rooms."""
    rooms = [room for room in ROOMS.get(house, {}) if room != "."]
    return [" · ".join(rooms[first : first + ROOMS_A_LINE]) for first in range(0, len(rooms), ROOMS_A_LINE)]


def _allowed(house: str) -> set[str]:
    return {place(name, HOUSES, name) for name in HOUSES[house].split()}


def _reached(house: str) -> set[str]:
    """What a house leads to, at once or by others."""
    return _allowed(house).union(*map(_reached, _allowed(house)))


def _next(house: str) -> set[str]:
    """What it leads to at once and by nobody else."""
    return _allowed(house).difference(*map(_reached, _allowed(house)))


if __name__ == "__main__":
    sys.stdout.write(f"```mermaid\n{mermaid()}\n```\n")
