"""Lines as a file: CSV as spreadsheets read it, or XLSX, written line by line so that a long one needs no memory."""

import csv
import io
from collections.abc import Iterable, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO

import xlsxwriter

from ivr.sheets.cells import Line, plain

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
IN_MEMORY_BYTES = 2**20
WIDTH = 18
NO_FORMULAS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd hh:mm:ss",
}
# One sheet of a workbook: what it is called, its heads and its lines.
Sheet = tuple[str, Sequence[str], Iterable[Line]]


def as_csv(heads: Sequence[str], lines: Iterable[Line]) -> IO[bytes]:
    """RFC 4180, in UTF-8 with the mark by which Excel knows it."""
    file = _file()
    text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows([plain(each) for each in line] for line in lines)
    text.detach()
    file.seek(0)
    return file


def as_xlsx(*sheets: Sheet) -> IO[bytes]:
    """A workbook; every line is on the disk before the next is made."""
    file = _file()
    with xlsxwriter.Workbook(file, {"constant_memory": True, **NO_FORMULAS}) as book:
        bold = book.add_format({"bold": True})
        for name, heads, lines in sheets:
            sheet = book.add_worksheet(name)
            sheet.set_column(0, len(heads), WIDTH)
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, heads, bold)
            for row, line in enumerate(lines, start=1):
                sheet.write_row(row, 0, [plain(each) for each in line])
    file.seek(0)
    return file


def _file() -> IO[bytes]:
    return SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)
