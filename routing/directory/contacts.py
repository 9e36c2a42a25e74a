"""Who is rung for a community's callers, as a list of communities names them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from routing import timetable
from routing.characters import HIDDEN
from routing.directory import listing
from routing.directory.faults import Problem
from routing.directory.listing import Directory
from routing.directory.sheet import RowError, SheetError
from routing.phone_numbers import E164, Home

COLUMNS = ("duty_contact", "duty_phone", "duty_hours")
MAX_NAME_CHARS = 40
NO_HOURS = "%(field)s %(value)s are not hours such as 08:00-12:00 13:00-18:00"


@dataclass(frozen=True, slots=True)
class Contact:
    """``number`` is E.164; ``hours``, every day's, as ``Hours.of`` reads them; empty: day and night."""

    name: str
    number: str
    hours: Mapping[str, object] = field(default_factory=dict)

    @property
    def written_hours(self) -> str:
        """As they would be typed; empty: day and night."""
        return timetable.of_a_day(self.hours)


# By a community's code; None: the list has the columns, and names nobody.
Contacts = Mapping[str, Contact | None]


def read(path: str | Path, home: Home | None = None) -> tuple[Directory, Contacts]:
    """The communities of a list, and their duty contacts by ``duty_contact``, ``duty_phone``, ``duty_hours``.

    Raises ``SheetError`` with every bad row of either; then nothing of the file is used.
    """
    errors: dict[str, RowError] = {}
    directory, contacts = Directory(), dict[str, Contact | None]()
    try:
        directory = listing.read(path, home)
    except SheetError as error:
        errors |= {str(each): each for each in error.errors}
    try:
        for number, cells in listing.rows(path, home):
            wrong = list(_problems(cells, home))
            errors |= {str(each): each for each in (RowError(number, problem) for problem in wrong)}
            if not wrong and any(column in cells for column in COLUMNS):
                contacts[cells["code"]] = _contact(cells, home)
    except SheetError as error:  # no sheet at all: both say so
        errors |= {str(each): each for each in error.errors}
    if errors:
        raise SheetError(sorted(errors.values(), key=lambda error: error.row))
    return directory, contacts


def _contact(cells: Mapping[str, str], home: Home | None) -> Contact | None:
    if not (number := cells.get("duty_phone", "")):
        return None
    name = " ".join(cells.get("duty_contact", "").split())
    return Contact(name, listing.e164(number, home), timetable.every_day(cells.get("duty_hours", "")))


def _problems(cells: Mapping[str, str], home: Home | None) -> Iterator[Problem]:
    name, number, typed = (cells.get(column, "") for column in COLUMNS)
    if number and not E164.fullmatch(listing.e164(number, home)):
        yield listing.no_number("duty_phone", number, home)
    if not number and (name or typed):
        yield Problem.of("%(field)s is empty", field="duty_phone")
    if len(name) > MAX_NAME_CHARS:
        yield Problem.of("%(field)s is longer than %(most)s characters", field="duty_contact", most=MAX_NAME_CHARS)
    shown = {"field": "duty_contact", "value": repr(name[:20])}
    if HIDDEN.search(name):
        yield Problem("%(field)s %(value)s contains a control character", shown)
    if listing.FORMULA.match(name):
        yield Problem("%(field)s %(value)s looks like a spreadsheet formula", shown)
    try:
        timetable.every_day(typed)
    except timetable.Unreadable:
        yield Problem.of(NO_HOURS, field="duty_hours", value=repr(typed[:20]))
