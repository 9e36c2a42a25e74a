"""The first sheet of an Excel workbook (.xlsx)."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from routing.directory.faults import RowError, SheetError

MAGIC = b"PK\x03\x04"  # a workbook is a ZIP archive
WHOLE = 10**15  # Excel counts no further: of a longer number only the first fifteen digits are true


def rows(path: Path, max_bytes: int) -> Iterator[tuple[int, list[str]]]:
    """Its rows that are not blank, with their numbers; row by row, so that a large one takes no memory.

    A number is read as it is shown without any format: 330206001001, not 3.30206E+11. Raises ``SheetError``.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(each.file_size for each in archive.infolist()) > max_bytes:
                raise SheetError([RowError.of(1, "the file is larger than %(mb)s MB", mb=max_bytes >> 20)])
        with path.open("rb") as file:  # as a file: by its name openpyxl would ask for an ending
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            if not book.worksheets:
                raise SheetError([RowError.of(1, "the workbook has no sheet with rows")])
            for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
                cells = [_text(cell) for cell in row]
                if any(cells):
                    yield number, cells
    except (zipfile.BadZipFile, InvalidFileException, KeyError, SyntaxError, ValueError) as error:
        if isinstance(error, SheetError):
            raise
        raise SheetError([RowError.of(1, "is not a sound Excel workbook; save it again, or as “CSV UTF-8”")]) from error


def _text(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).upper()
        case float() if cell.is_integer() and abs(cell) < WHOLE:
            return str(int(cell))
        case int() | float() if abs(cell) >= WHOLE:
            return f"{cell:.5E}"  # its last digits are lost: named as such by whoever reads it
        case datetime() | date():
            return cell.isoformat()
    return str(cell).strip()
