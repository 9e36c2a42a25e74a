"""Files that spreadsheets open: no formula comes out of a text, and moments are those of the clock on the wall."""

import csv
import io
from datetime import datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from ivr.sheets import files
from ivr.sheets.cells import safe

FORMULAS = (
    *(
        "=cmd|'/c calc'!A1",
        "+1",
        "-1",
        "@SUM(A1)",
        "|calc",
        " =1+1",
        "\t=1",
        "\r=1",
        "\n=1",
        "\0=1",
        "\u00a0=1",
        "\u3000=1",
    ),
    *("＝1+1", "＋1", "－1", "＠SUM", "﹢1", "\u200b=1", "\u202a=1", "\ufeff=1", " \t ＝1"),
)
HARMLESS = ("", "3号楼", "138 0000 0001", "•••• 0001", "a=b", "1-2", "—", "我要=药", "\n\n")


@pytest.mark.parametrize("text", FORMULAS)
def test_what_could_be_a_formula_is_text(text: str):
    """A62"""
    assert safe(text).startswith("'")


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text: str):
    assert text == safe(text)


def test_both_kinds_hold_the_same():
    heads = ["time", "words", "number"]
    moment = datetime(2026, 3, 2, 8, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    lines = [(moment, '=1, "quoted"\nand more', 12), (None, "银杏社区", None)]

    read = list(csv.reader(io.StringIO(files.as_csv(heads, lines).read().decode("utf-8-sig"), newline="")))
    (sheet,) = openpyxl.load_workbook(files.as_xlsx(("calls", heads, lines))).worksheets

    assert [heads, ["2026-03-02 08:10:00", '\'=1, "quoted"\nand more', "12"], ["", "银杏社区", ""]] == read
    cells = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert [heads, [datetime(2026, 3, 2, 8, 10), '\'=1, "quoted"\nand more', 12], [None, "银杏社区", None]] == cells
    assert {"s", "n", "d"} >= {cell.data_type for row in sheet.iter_rows() for cell in row}, "no formula"
