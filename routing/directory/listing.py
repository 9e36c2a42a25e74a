"""The communities a hotline serves: what is known of each, and how a list of them is read from a file."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import overload

from routing.characters import HIDDEN
from routing.directory import sheet
from routing.directory.community import Columns, Community
from routing.directory.faults import Problem
from routing.directory.sheet import RowError, SheetError
from routing.phone_numbers import E164, Home, dictated, refusal

__all__ = ["Community", "Directory", "read"]

REQUIRED = ("code", "name", "street", "district")
MAX_LENGTH = {"code": 32} | dict.fromkeys(("name", "street", "district", "city", "province", "alias"), 100)
MAX_ALIASES = 100
SEPARATOR = re.compile(r"[;；、,，|｜\n]")  # of aliases
ROUNDED = re.compile(r"[0-9](?:[.,][0-9]+)?[eE][+-]?[0-9]{1,3}")  # as spreadsheets show a long number
AS_TEXT = re.compile(r"=\"(.*)\"|'([+0-9].*)")  # ="330206001001", '330206001001: how a number is kept as a text
KEYPAD = re.compile(r"[1-9][0-9]{2}")
FORMULA = re.compile(r"[=+\-@＝＋－＠]")  # a cell that begins so is computed by a spreadsheet, not shown
ROUNDED_TEXT = (
    "%(field)s %(value)s is a number that a spreadsheet has rounded, its last digits are lost: "
    "format the column as text, enter the numbers again, save and import that file"
)
NO_NUMBER = "%(field)s %(value)s is not a phone number such as 0574 5550 0100 or +8657455500100"
NO_AREA = "%(field)s %(value)s lacks its area code"
NUMBERS = ("phone", "dialled")
STANDS_ALREADY = "%(field)s %(value)s stands already in row %(row)s"
BETWEEN = "|"
DOUBTFUL = re.compile(rf"{HIDDEN.pattern}|(?:^|\{BETWEEN}){FORMULA.pattern}")  # somewhere in cells put together


class Directory(Sequence[Community]):
    """An immutable list of communities in code order, with its look-ups. Swapped as a whole when the list changes."""

    def __init__(self, communities: Iterable[Community] = (), columns: Columns | None = None) -> None:
        self.columns = columns or Columns.of(communities)

    def __len__(self) -> int:
        return len(self.columns.codes)

    @overload
    def __getitem__(self, row: int) -> Community: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[Community, ...]: ...
    def __getitem__(self, row: int | slice) -> Community | tuple[Community, ...]:
        if isinstance(row, slice):
            return tuple(self[each] for each in range(len(self))[row])
        return self.columns.community(range(len(self))[row])

    def row(self, code: str) -> int | None:
        """Where the community of this code stands."""
        at = bisect_right(self.columns.codes, code) - 1
        return at if at >= 0 and self.columns.codes[at] == code else None

    @property
    def by_code(self) -> Mapping[str, Community]:
        return ByCode(self)

    @cached_property
    def by_keypad(self) -> dict[str, Community]:
        return {keypad: self[row] for row, keypad in self.columns.keypads}

    @cached_property
    def by_dialled(self) -> dict[str, Community]:
        return {dialled: self[row] for row, dialled in self.columns.dialled}


@dataclass(frozen=True, slots=True)
class ByCode(Mapping[str, Community]):
    """A directory's communities by their code."""

    directory: Directory

    def __getitem__(self, code: str) -> Community:
        if (row := self.directory.row(code)) is None:
            raise KeyError(code)
        return self.directory[row]

    def __iter__(self) -> Iterator[str]:
        return iter(self.directory.columns.codes)

    def __len__(self) -> int:
        return len(self.directory)


def read(path: str | Path, home: Home | None = None) -> Directory:
    """The directory in a CSV file, packed with gzip or not, or an Excel workbook (.xlsx).

    Columns ``code,name,street,district``; optional ``aliases`` (separated by ``;``, ``、``, a comma or ``|``),
    ``phone``, ``keypad``, ``dialled``, ``city``, ``province``; others are ignored. Names are taken as published, a
    bare 社区居委会 too. Numbers as they are written at *home* become E.164; without it, they must be.

    Raises ``SheetError`` with every bad row; then nothing of the file is used.
    """
    errors: list[RowError] = []
    directory = Directory(_communities(path, home, errors))
    if _repeats(directory.columns):
        errors += _repeated(path, home)
    if errors:
        raise SheetError(sorted(errors, key=lambda error: error.row))
    return directory


def _communities(path: str | Path, home: Home | None, errors: list[RowError]) -> Iterator[Community]:
    """Every row; what is wrong with one is added to *errors*."""
    for number, cells in rows(path, home):
        row = _community(cells)
        errors += (RowError(number, problem) for problem in problems(row, home))
        yield row


def rows(path: str | Path, home: Home | None) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows, with the numbers bare that a spreadsheet was made to keep as texts, telephone numbers in E.164."""
    for number, cells in sheet.read(path, REQUIRED):
        if any(cell[:1] in ("=", "'") for cell in cells.values()):
            cells = {name: AS_TEXT.sub(lambda kept: kept[1] or kept[2] or "", cell) for name, cell in cells.items()}
        if any(cells.get(field) for field in NUMBERS):
            cells = {**cells, **{field: e164(cells[field], home) for field in NUMBERS if cells.get(field)}}
        yield number, cells


def e164(written: str, home: Home | None) -> str:
    """A number as it is written *home*, full-width digits too, in E.164; as it was when it is none."""
    return written if home is None or E164.fullmatch(written) else dictated(written, home) or written


def no_number(field: str, value: str, home: Home | None) -> Problem:
    """Why this is no number, after ``e164``."""
    why, shown = refusal(value, home) if home else None, repr(value[:20])
    if why and why.kind == "area":
        return Problem.of(NO_AREA, field=field, value=shown)
    return Problem.of(NO_NUMBER, field=field, value=shown)


def _community(cells: Mapping[str, str]) -> Community:
    aliases = (alias.strip() for alias in SEPARATOR.split(cells.get("aliases", "")))
    return Community(
        code=cells["code"],
        name=cells["name"],
        street=cells["street"],
        district=cells["district"],
        city=cells.get("city", ""),
        province=cells.get("province", ""),
        aliases=tuple(dict.fromkeys(alias for alias in aliases if alias)),
        phone=cells.get("phone") or None,
        keypad=cells.get("keypad") or None,
        dialled=cells.get("dialled") or None,
    )


def problems(row: Community, home: Home | None = None) -> Iterator[Problem]:
    """What is wrong with one community by itself; its numbers are E.164."""
    texts = BETWEEN.join((row.name, *row.within, *row.aliases, row.code))
    short = len(texts) <= MAX_LENGTH["name"] and len(row.code) <= MAX_LENGTH["code"]
    if not (row.code and row.name and short) or DOUBTFUL.search(texts):
        yield from _ill_written(row)  # cell by cell: too slow for every row of a nation
    for field in ("code", "phone", "keypad", "dialled"):
        if (value := getattr(row, field)) and ROUNDED.fullmatch(value):
            yield Problem.of(ROUNDED_TEXT, field=field, value=repr(value))
    if len(row.aliases) > MAX_ALIASES:
        yield Problem.of("has more than %(most)s aliases", most=MAX_ALIASES)
    if row.keypad and not ROUNDED.fullmatch(row.keypad) and not KEYPAD.fullmatch(row.keypad):
        yield Problem.of("keypad %(value)s is not three digits from 100 to 999", value=repr(row.keypad[:20]))
    for field in NUMBERS:
        if (value := getattr(row, field)) and not E164.fullmatch(value) and not ROUNDED.fullmatch(value):
            yield no_number(field, value, home)


def _ill_written(row: Community) -> Iterator[Problem]:
    for field in ("code", "name"):
        if not getattr(row, field):
            yield Problem.of("%(field)s is empty", field=field)
    texts = [(field, getattr(row, field)) for field in MAX_LENGTH if field != "alias"]
    for field, value in texts + [("alias", alias) for alias in row.aliases]:
        if len(value) > MAX_LENGTH[field]:
            yield Problem(
                "%(field)s is longer than %(most)s characters", {"field": field, "most": str(MAX_LENGTH[field])}
            )
        if HIDDEN.search(value):
            yield Problem(
                "%(field)s %(value)s contains a control character", {"field": field, "value": repr(value[:20])}
            )
        if FORMULA.match(value):
            yield Problem(
                "%(field)s %(value)s looks like a spreadsheet formula", {"field": field, "value": repr(value[:20])}
            )


def _repeats(columns: Columns) -> bool:
    """Whether two rows share what only one may have."""
    numbers = (list(column.texts) for column in (columns.keypads, columns.dialled))
    twice = any(len(set(listed)) < len(listed) for listed in numbers)
    return twice or any(one == other for one, other in pairwise(columns.codes))


def _repeated(path: str | Path, home: Home | None) -> Iterator[RowError]:
    """The rows that have what only one may have and an earlier one has."""
    first_row: dict[tuple[str, str], int] = {}
    for number, cells in rows(path, home):
        for field in ("code", "keypad", "dialled"):
            value = cells.get(field, "")
            if value and not ROUNDED.fullmatch(value) and first_row.setdefault((field, value), number) != number:
                row = first_row[field, value]
                yield RowError.of(number, STANDS_ALREADY, field=field, value=repr(value[:20]), row=row)
