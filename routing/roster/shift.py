"""A shift: somebody is on the line from one moment to another."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment to another, without it. Aware times."""

    starts: datetime
    ends: datetime

    def __bool__(self) -> bool:
        return self.starts < self.ends

    def __contains__(self, moment: datetime) -> bool:
        return self.starts <= moment < self.ends

    @property
    def length(self) -> timedelta:
        return self.ends - self.starts

    def common(self, other: "Span") -> "Span":
        """What both have; false when that is nothing."""
        return Span(max(self.starts, other.starts), min(self.ends, other.ends))


@dataclass(frozen=True, slots=True)
class Scope:
    """What a shift is for: needs, community codes, languages; each empty: all of them."""

    needs: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()

    def narrowed(self, other: "Scope") -> "Scope":
        """What is within both."""
        pairs = ((self.needs, other.needs), (self.areas, other.areas), (self.languages, other.languages))
        return Scope(*(_both(*pair) for pair in pairs))


EVERYTHING = Scope()
NOTHING = frozenset({""})  # no key, code or language is empty


def _both(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    return (one & other or NOTHING) if one and other else one or other


@dataclass(frozen=True, slots=True)
class Shift:
    """*person* is on during *span* (UTC). ``rotation``: which one it comes of; None: it was set by hand."""

    person: int
    span: Span
    scope: Scope = EVERYTHING
    rotation: int | None = None

    def without(self, cut: Span) -> list[Self]:
        """What is left of it: nothing, a part, or two."""
        parts = (
            Span(self.span.starts, min(self.span.ends, cut.starts)),
            Span(max(self.span.starts, cut.ends), self.span.ends),
        )
        return [replace(self, span=part) for part in parts if part] if self.span.common(cut) else [self]
