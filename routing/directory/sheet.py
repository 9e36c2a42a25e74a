"""Which rows does a CSV file hold? Unpacks, decodes and numbers them; what they mean is for others to say."""

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO, cast

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
    _check(Path(path))
    with _opened(Path(path)) as file, io.TextIOWrapper(file, "utf-8-sig", newline="") as text:
        cells = _cells(text)
        header = [name.lower() for name in next(cells, (1, []))[1]]
        if missing := [name for name in required if name not in header]:
            raise SheetError([RowError(1, f"column {', '.join(missing)} is missing from the header")])
        if twice := sorted({name for name in header if name and header.count(name) > 1}):
            raise SheetError([RowError(1, f"column {', '.join(twice)} stands twice in the header")])
        number = 1
        for number, row in cells:
            while len(row) > len(header) and not row[-1]:
                row.pop()
            if len(row) > len(header):
                raise SheetError([RowError(number, f"has {len(row)} cells where the header has {len(header)}")])
            row += [""] * (len(header) - len(row))
            yield number, dict(zip(header, row, strict=True))
        if number == 1:
            raise SheetError([RowError(1, "the file has a header but no rows")])


def _cells(file: TextIO) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(file, strict=True)
    number = 0
    try:
        for number, row in enumerate(reader, 1):
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield number, cells
    except csv.Error as error:
        raise SheetError([RowError(number + 1, f"is not CSV: {error}")]) from error


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file, unpacked as it is read."""
    with open(path, "rb") as file:
        packed = file.peek(2).startswith(GZIP_MAGIC)
        with gzip.open(file) if packed else file as unpacked:
            yield cast(BinaryIO, unpacked)


def _check(path: Path) -> None:
    """Whether all of the file can be read, so that nothing is used of one that cannot."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    size, row = 0, 1
    try:
        with _opened(path) as file:
            while chunk := file.read(2**20):
                size += len(chunk)
                if size > MAX_BYTES:
                    raise SheetError([RowError(1, f"the file is larger than {MAX_BYTES >> 20} MB")])
                decoder.decode(chunk)
                row += chunk.count(b"\n")
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        row += error.object.count(b"\n", 0, error.start)
        hint = "is not UTF-8 (GBK or another encoding?); save it as “CSV UTF-8”"
        raise SheetError([RowError(row, hint)]) from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise SheetError([RowError(1, f"the file is not sound gzip: {error}")]) from error
