"""Which rows does a CSV file hold? Unpacks, decodes and numbers them; what they mean is for others to say."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 256 * 2**20  # unpacked; the list of a whole nation takes 60 MB
GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one row. ``row`` counts as a spreadsheet does: the header is row 1."""

    row: int
    problem: str

    def __str__(self) -> str:
        return f"row {self.row}: {self.problem}"


class SheetError(ValueError):
    """A file that cannot be taken, with every reason. As text: one reason a line."""

    def __init__(self, errors: list[RowError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(map(str, errors)))


def read(path: str | Path, required: tuple[str, ...]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows of a UTF-8 CSV file, packed with gzip or not: (row number, cells stripped of outer space).

    Column names are compared in lower case; columns nobody asks for are passed on, blank lines skipped, missing cells
    at the end of a row are empty.

    Raises ``SheetError`` for a file that is not UTF-8 text, has no rows, lacks a column or has a row that is no CSV;
    ``OSError`` when it cannot be opened.
    """
    cells = _cells(_text(Path(path)))
    header = [name.lower() for name in next(cells, (1, []))[1]]
    if missing := [name for name in required if name not in header]:
        raise SheetError([RowError(1, f"column {', '.join(missing)} is missing from the header")])
    if twice := sorted({name for name in header if name and header.count(name) > 1}):
        raise SheetError([RowError(1, f"column {', '.join(twice)} stands twice in the header")])
    empty = True
    for number, row in cells:
        empty = False
        while len(row) > len(header) and not row[-1]:
            row.pop()
        if len(row) > len(header):
            raise SheetError([RowError(number, f"has {len(row)} cells where the header has {len(header)}")])
        yield number, dict(zip(header, row + [""] * (len(header) - len(row)), strict=True))
    if empty:
        raise SheetError([RowError(1, "the file has a header but no rows")])


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    while True:
        number += 1
        try:
            row = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            raise SheetError([RowError(number, f"is not CSV: {error}")]) from error
        if any(row):
            yield number, row


def _text(path: Path) -> str:
    data = path.read_bytes()
    try:
        if data.startswith(GZIP_MAGIC):
            with gzip.open(io.BytesIO(data)) as packed:
                data = packed.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise SheetError([RowError(1, f"the file is larger than {MAX_BYTES >> 20} MB")])
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        hint = "is not UTF-8 (GBK or another encoding?); save it as “CSV UTF-8”"
        raise SheetError([RowError(row, hint)]) from error
    except (OSError, EOFError, zlib.error) as error:
        raise SheetError([RowError(1, f"the file is not sound gzip: {error}")]) from error
