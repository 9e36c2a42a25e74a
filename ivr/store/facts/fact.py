"""One thing that happened, as it is kept: a kind, and its details as plain values.

A family of kinds is a class whose ``KINDS`` is its own; every kind is a class of that family::

    class Attempt(Entry, kind="attempt", words=("text",)):
        outcome: str
        text: str = ""

Kinds and the fields' names stand in databases: a field that is renamed or gone needs a migration, a new one a default.
"""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, ClassVar, Self, dataclass_transform


@dataclass_transform(frozen_default=True)
@dataclass(frozen=True)
class Fact:
    """The root of every family. ``words`` names the fields that somebody wrote: they alone are searched for words."""

    KINDS: ClassVar[dict[str, type[Any]]]
    kind: ClassVar[str]
    words: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls, kind: str = "", words: tuple[str, ...] = ()) -> None:
        if not kind:  # a family
            cls.KINDS = {}
            return
        if cls.KINDS.setdefault(kind, cls) is not cls:
            raise TypeError(f"two kinds are called {kind}")
        cls.kind, cls.words = kind, words
        dataclass(frozen=True)(cls)

    def detail(self) -> dict[str, Any]:
        """The details as JSON has them, without those that say no more than their default."""
        values = ((_key(field.name), getattr(self, field.name), field.default) for field in fields(self))
        return {key: value for key, value, default in values if default is MISSING or value != default}

    @classmethod
    def read(cls, kind: str, detail: Mapping[str, Any]) -> "Self | None":
        """The fact that was kept; None when this release has no such kind, or the details lack something."""
        if (found := cls.KINDS.get(kind)) is None:
            return None
        known = {field.name: detail[_key(field.name)] for field in fields(found) if _key(field.name) in detail}
        try:
            fact: Self = found(**known)
        except TypeError:  # a detail without a default is missing
            return None
        return fact

    def written(self) -> list[str]:
        """What somebody wrote, as far as they wrote anything."""
        return [text for name in self.words if (text := getattr(self, name))]


def names(kinds: Iterable[type[Fact]]) -> list[str]:
    """What these kinds are called where they are kept, for a question to the database."""
    return [each.kind for each in kinds]


def _key(name: str) -> str:
    """``from_`` stands for what is a word of Python's own."""
    return name.removesuffix("_")
