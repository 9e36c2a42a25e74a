"""Reading a list of communities: all of it, or nothing and every reason."""

import gzip
from pathlib import Path

import pytest
from openpyxl import Workbook

from routing.directory import Community, listing
from routing.directory.sheet import SheetError
from routing.phone_numbers import Home

NINGBO = Home("CN", "0574")
HEADER = "code,name,street,district,aliases,phone,keypad,dialled\n"
ROW = "330206002004,银杏社区,新碶街道,北仑区,银杏苑;白果园,+8657455500104,104,+8657455500204\n"


def file(folder: Path, content: str | bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(path: Path, home: Home | None = None) -> list[str]:
    with pytest.raises(SheetError) as refused:
        listing.read(path, home)
    return str(refused.value).splitlines()


def test_every_column_is_read(tmp_path):
    """A full row becomes a community with its aliases and numbers."""
    expected = Community(
        "330206002004",
        "银杏社区",
        "新碶街道",
        "北仑区",
        aliases=("银杏苑", "白果园"),
        phone="+8657455500104",
        keypad="104",
        dialled="+8657455500204",
    )

    listed = listing.read(file(tmp_path, HEADER + ROW))

    assert (expected,) == tuple(listed)
    assert expected == listed.by_keypad["104"] == listed.by_dialled["+8657455500204"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, b"\xef\xbb\xbf".__add__], ids=["plain", "gzip", "bom"])
def test_the_wrapping_does_not_matter(tmp_path, pack):
    """Packed, or with a byte order mark as spreadsheets write it: the same list."""
    assert "银杏社区" == listing.read(file(tmp_path, pack((HEADER + ROW).encode())))[0].name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "sep=;", '"sep=,"'])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_any_encoding_and_separator_that_excel_writes_is_read(tmp_path, encoding: str, separator: str, end: str):
    """A115, O5: found, never asked for; 碶 is in GBK, not in GB2312."""
    first = separator + end if "sep" in separator else ""
    mark = separator.strip('"')[-1]
    rows = [HEADER.strip().split(","), ["330206002004", "银杏社区", "新碶街道", "北仑区", "银杏苑、白果园", "", "", ""]]
    text = first + "".join(mark.join(row) + end for row in rows)
    (read,) = listing.read(file(tmp_path, text.encode(encoding)))
    assert ("银杏社区", "新碶街道", ("银杏苑", "白果园")) == (read.name, read.street, read.aliases)


@pytest.mark.parametrize(
    "aliases", ["甲;乙", "甲；乙", "甲、乙", "甲，乙", "甲,乙", "甲|乙", "甲｜乙", "甲\n乙", " 甲 ; 、乙；"]
)
def test_several_aliases_are_several_however_they_are_separated(tmp_path, aliases: str):
    """O5"""
    (read,) = listing.read(file(tmp_path, f'{HEADER}1,银杏社区,新碶街道,北仑区,"{aliases}"\n'))
    assert ("甲", "乙") == read.aliases


@pytest.mark.parametrize("code", ["3.30299E+11", "3.30299e+11", "3,30299E+11", "3E+11"])
def test_a_code_that_a_spreadsheet_has_rounded_is_named_as_what_it_is(tmp_path, code: str):
    """O5: with the remedy; and several of them are not called the same code."""
    rows = "".join(f'"{code}",{name},新碶街道,北仑区,,8.65746E+12\n' for name in ("银杏社区", "高塘社区"))
    told = refusal(file(tmp_path, HEADER + rows))
    lost = "is a number that a spreadsheet has rounded, its last digits are lost: format the column as text"
    assert [f"row {row}: {field} {value!r} {lost}" for row in (2, 3) for field, value in (
        ("code", code), ("phone", "8.65746E+12"))] == [line.partition(", enter")[0] for line in told]  # fmt: skip


@pytest.mark.parametrize("code", ['"=""330206002004"""', "'330206002004"])
def test_a_number_that_was_kept_as_a_text_is_that_number(tmp_path, code: str):
    """O5: the usual tricks against rounding."""
    (read,) = listing.read(file(tmp_path, f"{HEADER}{code},银杏社区,新碶街道,北仑区\n"))
    assert "330206002004" == read.code


def book(folder: Path, *rows: list[object]) -> Path:
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(folder / "list.xlsx")
    return folder / "list.xlsx"


def test_a_workbook_is_read(tmp_path):
    """O5: numbers as numbers, blank rows, cells that were formatted and left empty."""
    names = [*HEADER.strip().split(","), None]
    path = book(
        tmp_path,
        names,
        [330206002004, "银杏社区", "新碶街道", "北仑区", "银杏苑、白果园", "+8657455500104", 104.0, None, None],
        [],
        ["330206002005", " 红梅社区 ", "新碶街道", "北仑区"],
    )
    listed = listing.read(path)
    assert [("330206002004", "104"), ("330206002005", None)] == [(each.code, each.keypad) for each in listed]
    assert ("红梅社区", ("银杏苑", "白果园")) == (listed[1].name, listed[0].aliases)


def test_what_is_wrong_in_a_workbook_is_named_with_its_row(tmp_path):
    """O5: a code of more digits than Excel can count, and a name that is missing."""
    names = HEADER.strip().split(",")
    path = book(tmp_path, names, [3302060020041234567, "银杏社区", "", "北仑区"], [], [7, None, "新碶街道", "北仑区"])
    rounded, nameless = refusal(path)
    assert rounded.startswith("row 2: code '3.30206E+18' is a number that a spreadsheet has rounded")
    assert "row 4: name is empty" == nameless


def test_lists_in_other_orders_with_blank_lines_and_unknown_columns_are_read(tmp_path):
    """Columns are found by their name; blank lines and columns of others are no fault."""
    text = "District, Street,NAME,code,remark\r\n\r\n北仑区,新碶街道,社区居委会,1,old\r\n北仑区,,张村村委会,2\r\n"

    assert [("1", "社区居委会"), ("2", "张村村委会")] == [(c.code, c.name) for c in listing.read(file(tmp_path, text))]


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (",银杏社区,新碶街道,北仑区", "code is empty"),
        ("1, ,新碶街道,北仑区", "name is empty"),
        (f"1,{'杏' * 101},新碶街道,北仑区", "name is longer than 100 characters"),
        ("1,银\x07杏社区,新碶街道,北仑区", "name '银\\x07杏社区' contains a control character"),
        ("1,银\u202e杏社区,新碶街道,北仑区", "name '银\\u202e杏社区' contains a control character"),
        ("1,=1+1,新碶街道,北仑区", "name '=1+1' looks like a spreadsheet formula"),
        ("1,银杏社区,@街道,北仑区", "street '@街道' looks like a spreadsheet formula"),
        ("1,银杏社区,新碶街道,北仑区,银杏苑;-1", "alias '-1' looks like a spreadsheet formula"),
        ("1,银杏社区,新碶街道,北仑区,,0574-555001", "phone '0574-555001' is not a phone number"),
        ("1,银杏社区,新碶街道,北仑区,,,012", "keypad '012' is not three digits from 100 to 999"),
        ("1,银杏社区,新碶街道,北仑区,,,１０４", "keypad '１０４' is not three digits from 100 to 999"),
        ("1,银杏社区,新碶街道,北仑区,,,104,12345", "dialled '12345' is not a phone number"),
    ],
)
def test_a_bad_cell_is_named_with_its_row(tmp_path, cells, problem):
    """The reader is told where to look and what to mend."""
    (line,) = refusal(file(tmp_path, HEADER + ROW.replace("330206002004", "9").replace("104,", "109,") + cells + "\n"))

    assert line.startswith(f"row 3: {problem}")


@pytest.mark.parametrize(
    "written",
    [
        "0574-8765 4321",
        "（0574）87654321",
        "8765-4321",
        "０５７４－８７６５４３２１",
        "+86 574 8765 4321",
        "+8657487654321",
        "'057487654321",
    ],
)
def test_a_number_is_read_as_it_is_written_at_home(tmp_path, written: str):
    """With the area or without, in full-width digits, kept as a text by a spreadsheet."""
    listed = listing.read(file(tmp_path, f"{HEADER}1,银杏社区,新碶街道,北仑区,,{written},,138 0013 8000\n"), NINGBO)

    assert ("+8657487654321", "+8613800138000") == (listed[0].phone, listed[0].dialled)


def test_a_number_that_cannot_be_is_named_with_its_row_and_one_without_its_area(tmp_path):
    """Of two that mean one number, the second too."""
    row = "{0},银杏社区,新碶街道,北仑区,,{1},,{2}\n"
    rows = (
        row.format(1, "0574-8765 43", ""), row.format(2, "", "8765 4321"), row.format(3, "", "0574-87654321"),
        row.format(4, "138 0013 800", ""),
    )  # fmt: skip
    path = file(tmp_path, HEADER + "".join(rows))

    assert [
        "row 2: phone '0574-8765 43' is not a phone number such as 0574 5550 0100 or +8657455500100",
        "row 4: dialled '+8657487654321' stands already in row 3",
        "row 5: phone '138 0013 800' is not a phone number such as 0574 5550 0100 or +8657455500100",
    ] == refusal(path, NINGBO)
    assert "row 3: dialled '8765 4321' lacks its area code" in refusal(path, Home("CN"))


def test_every_bad_row_is_reported_at_once(tmp_path):
    """A115: Nobody has to import five times to find five mistakes; what is used twice names where it stood first."""
    again = ROW + "7,,新碶街道,北仑区\n" + ROW

    assert [
        "row 3: name is empty",
        "row 4: code '330206002004' stands already in row 2",
        "row 4: keypad '104' stands already in row 2",
        "row 4: dialled '+8657455500204' stands already in row 2",
    ] == refusal(file(tmp_path, HEADER + again))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "row 1: column code, name, street, district is missing from the header"),
        ("code,name,street\n1,银杏社区,新碶街道\n", "row 1: column district is missing from the header"),
        ("code,name,street,district,name\n", "row 1: column name stands twice in the header"),
        (HEADER, "row 1: the file has a header but no rows"),
        (HEADER + "1,a,b,c,,,,,,extra\n", "row 2: has 10 cells where the header has 8"),
        (HEADER + '1,"银杏', "row 2: is not CSV: unexpected end of data"),
        ((HEADER + ROW).encode() + b"9,\xe9\xff,x,y\n", "row 3: is neither UTF-8, UTF-16 nor GBK text"),
        ((HEADER + ROW).encode("utf-16")[:-1], "row 3: is neither UTF-8, UTF-16 nor GBK text"),
        (b"\xd0\xcf\x11\xe0 and so on", "row 1: is an old Excel workbook (.xls)"),
        (b"PK\x03\x04 and so on", "row 1: is not a sound Excel workbook"),
        (b"\x00\xff" * 500, "row 1: "),
        (gzip.compress(HEADER.encode(), mtime=0)[:-9], "row 1: the file is not sound gzip"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_one_clear_line(tmp_path, content, reason):
    """A115: Wrong files, encodings and headers are explained, not guessed at."""
    (line,) = refusal(file(tmp_path, content))

    assert line.startswith(reason)
