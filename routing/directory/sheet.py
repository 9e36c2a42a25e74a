"""Which rows does a sheet hold, a CSV file or a workbook? What they mean is for others to say."""

import gzip
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from routing.directory import delimited, workbook
from routing.directory.faults import RowError, SheetError

__all__ = ["RowError", "SheetError", "read"]

MAX_BYTES = 256 * 2**20  # unpacked; the list of a whole nation takes 60 MB
GZIP_MAGIC = b"\x1f\x8b"
XLS_MAGIC = b"\xd0\xcf\x11\xe0"  # Excel until 2003


def read(path: str | Path, required: tuple[str, ...]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows of a CSV file (packed with gzip or not) or of an XLSX workbook: (row number, cells without outer space).

    Column names are compared in lower case; columns nobody asks for are passed on, blank lines skipped, missing cells
    at the end of a row are empty. How a CSV file is encoded and separated: ``routing.directory.delimited``.

    Raises ``SheetError`` for a file that is no sheet, has no rows, lacks a column or has a row that is none;
    ``OSError`` when it cannot be opened.
    """
    cells = _rows(Path(path), required)
    header = [unicodedata.normalize("NFKC", name).casefold().strip() for name in next(cells, (1, []))[1]]
    if missing := [name for name in required if name not in header]:
        raise SheetError([RowError.of(1, "column %(columns)s is missing from the header", columns=", ".join(missing))])
    if twice := sorted({name for name in header if name and header.count(name) > 1}):
        raise SheetError([RowError.of(1, "column %(columns)s stands twice in the header", columns=", ".join(twice))])
    number = 1
    for number, row in cells:
        while len(row) > len(header) and not row[-1]:
            row.pop()
        if len(row) > len(header):
            problem = RowError.of(
                number, "has %(cells)s cells where the header has %(wanted)s", cells=len(row), wanted=len(header)
            )
            raise SheetError([problem])
        row += [""] * (len(header) - len(row))
        yield number, dict(zip(header, row, strict=True))
    if number == 1:
        raise SheetError([RowError.of(1, "the file has a header but no rows")])


def _rows(path: Path, required: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, the header first."""
    with open(path, "rb") as file:
        magic = file.read(4)
    if magic == XLS_MAGIC:
        raise SheetError([RowError.of(1, "is an old Excel workbook (.xls); save it as .xlsx or as “CSV UTF-8”")])
    if magic == workbook.MAGIC:
        yield from workbook.rows(path, MAX_BYTES)
        return
    dialect = delimited.dialect(_chunks(path), required)  # reads all of it, so that nothing is used of half a file
    with _opened(path) as file:
        yield from delimited.rows(file, dialect)


def _chunks(path: Path) -> Iterator[bytes]:
    size = 0
    try:
        with _opened(path) as file:
            while chunk := file.read(2**20):
                size += len(chunk)
                if size > MAX_BYTES:
                    raise SheetError([RowError.of(1, "the file is larger than %(mb)s MB", mb=MAX_BYTES >> 20)])
                yield chunk
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise SheetError([RowError.of(1, "the file is not sound gzip: %(error)s", error=error)]) from error


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file, unpacked as it is read."""
    with open(path, "rb") as file:
        packed = file.peek(2).startswith(GZIP_MAGIC)
        with gzip.open(file) if packed else file as unpacked:
            yield cast(BinaryIO, unpacked)
