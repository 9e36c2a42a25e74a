"""How many ways to read an entry of a pack's words are there? (胸口|心口)(疼|痛)?了? stands for all of them."""

import re
from collections.abc import Mapping, Sequence

GROUP = re.compile(r"\{(\w+)\}")


def ways(entry: str) -> list[str]:
    """Every way to read an entry with alternatives, with single spaces.

    Raises ``ValueError`` for a parenthesis without its other half.
    """
    found, rest = _alternatives(f"{entry})")
    if rest:
        raise ValueError(f"{entry}: a parenthesis is closed that was never opened")
    return [" ".join(way.split()) for way in found]


def filled(entry: str, groups: Mapping[str, Sequence[str]]) -> str:
    """*entry* with each ``{group}`` as the alternatives of that name.

    Raises ``KeyError`` for a group that is not listed, or that stands in itself.
    """
    return GROUP.sub(lambda found: _group(found.group(1), groups), entry)


def _group(name: str, groups: Mapping[str, Sequence[str]]) -> str:
    others = {other: entries for other, entries in groups.items() if other != name}
    return f"({'|'.join(filled(entry, others) for entry in groups[name])})"


def _alternatives(text: str) -> tuple[list[str], str]:
    """The readings of *text* up to the parenthesis that closes them, and what follows it."""
    every: list[str] = []
    begun = [""]
    while text:
        sign, text = text[0], text[1:]
        if sign == ")":
            return every + begun, text
        if sign == "|":
            every, begun = every + begun, [""]
            continue
        here, text = _alternatives(text) if sign == "(" else ([sign], text)
        if text.startswith("?"):
            here, text = [*here, ""], text[1:]
        begun = [first + second for first in begun for second in here]
    raise ValueError("a parenthesis is opened that is never closed")
