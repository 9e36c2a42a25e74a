"""The final schedule of a time: what rotations and changes come to, where nobody is on, and what asks too much."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise, takewhile
from zoneinfo import ZoneInfo

from routing.hours import Hours
from routing.roster.rotation import Change, Rotation
from routing.roster.shift import Shift, Span

REST = timedelta(hours=11)  # between two shifts, directive 2003/88/EC, article 3
LONGEST = timedelta(hours=12)  # on the line at a stretch


@dataclass(frozen=True, slots=True)
class Gap:
    """So many people are ``missing``."""

    span: Span
    missing: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """Somebody is on twice at once: a shift of theirs is not filled, whatever the plan says."""

    person: int
    span: Span


@dataclass(frozen=True, slots=True)
class Strain:
    """Too much for one person: a stretch of ``length`` without a rest, or a rest that is only so long."""

    person: int
    kind: str  # stretch or rest
    span: Span


@dataclass(frozen=True, slots=True)
class Schedule:
    """Who is on in the time ``within``, by the clock: shifts in order, cut to nothing at its edges."""

    within: Span
    shifts: tuple[Shift, ...]

    def on(self, moment: datetime) -> list[Shift]:
        return [shift for shift in self.shifts if moment in shift.span]

    def gaps(self, wanted: Iterable[Span], least: int = 1) -> list[Gap]:
        """Where fewer than *least* people are on, of the times that *wanted* asks to be filled."""
        found: list[Gap] = []
        for span in wanted:
            for part in self._parts(span):
                people = {shift.person for shift in self.on(part.starts)}
                if len(people) >= least:
                    continue
                missing = least - len(people)
                if found and (last := found[-1]).span.ends == part.starts and last.missing == missing:
                    found[-1] = Gap(Span(last.span.starts, part.ends), missing)
                else:
                    found.append(Gap(part, missing))
        return found

    def filled(self, fallback: int, wanted: Iterable[Span]) -> "Schedule":
        """The same with *fallback* on wherever nobody is: then there is no gap."""
        shifts = (*self.shifts, *(Shift(fallback, gap.span) for gap in self.gaps(wanted)))
        return replace(self, shifts=tuple(sorted(shifts, key=_order)))

    def overlaps(self) -> list[Overlap]:
        """Where somebody is on twice at once."""
        return [
            Overlap(person, common)
            for person, shifts in self._by_person()
            for number, one in enumerate(shifts)
            for other in shifts[number + 1 :]
            if (common := one.span.common(other.span))
        ]

    def strains(self, rest: timedelta = REST, longest: timedelta = LONGEST) -> list[Strain]:
        """Where somebody is on for longer than *longest* at a stretch, or back before they had their *rest*."""
        return [strain for person, shifts in self._by_person() for strain in _strains(person, shifts, rest, longest)]

    def _parts(self, span: Span) -> Iterator[Span]:
        """*span* in pieces in which nobody comes or goes."""
        edges = {edge for shift in self.shifts for edge in (shift.span.starts, shift.span.ends) if edge in span}
        yield from (Span(*pair) for pair in pairwise(sorted({span.starts, span.ends, *edges})))

    def _by_person(self) -> list[tuple[int, list[Shift]]]:
        ordered = sorted(self.shifts, key=lambda shift: (shift.person, *_order(shift)))
        return [(person, list(theirs)) for person, theirs in groupby(ordered, key=lambda shift: shift.person)]


def resolve(rotations: Iterable[Rotation], changes: Iterable[Change], within: Span) -> Schedule:
    """What it all comes to, in *within*: the rotations first, then the changes in the order in which they were made."""
    shifts = [shift for rotation in rotations for shift in rotation.shifts(within)]
    for change in changes:
        kept = [left for shift in shifts for left in _apply(shift, change)]
        shifts = [*kept, Shift(change.person, change.span, change.scope)] if change.on else kept
    inside = [replace(shift, span=common) for shift in shifts if (common := shift.span.common(within))]
    return Schedule(within, tuple(sorted(inside, key=_order)))


def open_times(hours: Hours, within: Span, zone: ZoneInfo) -> list[Span]:
    """The times in *within* at which somebody ought to be there, by the hotline's *hours*."""
    pieces = takewhile(lambda piece: piece[0] < within.ends, hours.pieces(within.starts.astimezone(zone)))
    return [Span(opens.astimezone(UTC), closes.astimezone(UTC)).common(within) for opens, closes in pieces]


def _apply(shift: Shift, change: Change) -> list[Shift]:
    """A change takes the person's own time out first: who is on by hand is on once."""
    return shift.without(change.span) if shift.person == change.person else [shift]


def _strains(person: int, shifts: Sequence[Shift], rest: timedelta, longest: timedelta) -> Iterator[Strain]:
    """Shifts that follow one another at once are one stretch."""
    stretches: list[Span] = []
    for span in (shift.span for shift in shifts):
        if stretches and span.starts <= stretches[-1].ends:
            stretches[-1] = Span(stretches[-1].starts, max(stretches[-1].ends, span.ends))
        else:
            stretches.append(span)
    yield from (Strain(person, "stretch", span) for span in stretches if span.length > longest)
    for one, following in pairwise(stretches):
        if (between := Span(one.ends, following.starts)).length < rest:
            yield Strain(person, "rest", between)


def _order(shift: Shift) -> tuple[datetime, datetime, int]:
    return shift.span.starts, shift.span.ends, shift.person
