"""The communities a hotline serves: what is known of each, and how a list of them is read from a file."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from routing import sheet
from routing.sheet import RowError, SheetError

REQUIRED = ("code", "name", "street", "district")
MAX_LENGTH = {"code": 32} | dict.fromkeys(("name", "street", "district", "city", "province", "alias"), 100)
MAX_ALIASES = 100
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
KEYPAD = re.compile(r"[1-9][0-9]{2}")
# Control characters, line and paragraph separators, and what turns the direction of text round or has no width.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd\ud800-\udfff]")
FORMULA = re.compile(r"[=+\-@＝＋－＠]")  # a cell that begins so is computed by a spreadsheet, not shown


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


class Directory:
    """An immutable list of communities with its look-ups. Swapped as a whole when the list changes."""

    def __init__(self, communities: Iterable[Community]) -> None:
        self.communities = tuple(sorted(communities, key=lambda community: community.code))

    def __iter__(self) -> Iterator[Community]:
        return iter(self.communities)

    def __len__(self) -> int:
        return len(self.communities)

    @cached_property
    def by_code(self) -> dict[str, Community]:
        return {community.code: community for community in self}

    @cached_property
    def by_keypad(self) -> dict[str, Community]:
        return {community.keypad: community for community in self if community.keypad}

    @cached_property
    def by_dialled(self) -> dict[str, Community]:
        return {community.dialled: community for community in self if community.dialled}


def read(path: str | Path) -> Directory:
    """The directory in a UTF-8 CSV or CSV.gz file.

    Columns ``code,name,street,district``; optional ``aliases`` (separated by ``;``), ``phone``, ``keypad``,
    ``dialled``, ``city``, ``province``; others are ignored. Names are taken as published, a bare 社区居委会 too.

    Raises ``SheetError`` with every bad row; then nothing of the file is used.
    """
    communities: list[Community] = []
    errors: list[RowError] = []
    first_row: dict[tuple[str, str], int] = {}
    for number, cells in sheet.read(path, REQUIRED):
        row = _community(cells)
        errors += (RowError(number, problem) for problem in (*_problems(row), *_repeated(row, number, first_row)))
        communities.append(row)
    if errors:
        raise SheetError(errors)
    return Directory(communities)


def _community(cells: Mapping[str, str]) -> Community:
    aliases = (alias.strip() for alias in re.split("[;；]", cells.get("aliases", "")))
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


def _problems(row: Community) -> Iterator[str]:
    for field in ("code", "name"):
        if not getattr(row, field):
            yield f"{field} is empty"
    texts = [(field, getattr(row, field)) for field in MAX_LENGTH if field != "alias"]
    for field, value in texts + [("alias", alias) for alias in row.aliases]:
        if len(value) > MAX_LENGTH[field]:
            yield f"{field} is longer than {MAX_LENGTH[field]} characters"
        if UNPRINTABLE.search(value):
            yield f"{field} {value[:20]!r} contains a control character"
        if FORMULA.match(value):
            yield f"{field} {value[:20]!r} looks like a spreadsheet formula"
    if len(row.aliases) > MAX_ALIASES:
        yield f"has more than {MAX_ALIASES} aliases"
    if row.keypad and not KEYPAD.fullmatch(row.keypad):
        yield f"keypad {row.keypad[:20]!r} is not three digits from 100 to 999"
    for field in ("phone", "dialled"):
        if (value := getattr(row, field)) and not E164.fullmatch(value):
            yield f"{field} {value[:20]!r} is not an international number such as +8657455500100"


def _repeated(row: Community, number: int, first_row: dict[tuple[str, str], int]) -> Iterator[str]:
    """What only one row may have and an earlier one has; remembers in *first_row* what this one has."""
    for field in ("code", "keypad", "dialled"):
        if (value := getattr(row, field)) and first_row.setdefault((field, value), number) != number:
            yield f"{field} {value[:20]!r} stands already in row {first_row[field, value]}"
