"""Reading a list of communities: all of it, or nothing and every reason."""

import gzip
from pathlib import Path

import pytest

from routing.directory import Community, listing
from routing.directory.sheet import SheetError

HEADER = "code,name,street,district,aliases,phone,keypad,dialled\n"
ROW = "330206002004,银杏社区,新碶街道,北仑区,银杏苑;白果园,+8657455500104,104,+8657455500204\n"


def file(folder: Path, content: str | bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(path: Path) -> list[str]:
    with pytest.raises(SheetError) as refused:
        listing.read(path)
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
        ("1,银杏社区,新碶街道,北仑区,,0574-555001", "phone '0574-555001' is not an international number"),
        ("1,银杏社区,新碶街道,北仑区,,,012", "keypad '012' is not three digits from 100 to 999"),
        ("1,银杏社区,新碶街道,北仑区,,,１０４", "keypad '１０４' is not three digits from 100 to 999"),
        ("1,银杏社区,新碶街道,北仑区,,,104,12345", "dialled '12345' is not an international number"),
    ],
)
def test_a_bad_cell_is_named_with_its_row(tmp_path, cells, problem):
    """The reader is told where to look and what to mend."""
    (line,) = refusal(file(tmp_path, HEADER + ROW.replace("330206002004", "9").replace("104,", "109,") + cells + "\n"))

    assert line.startswith(f"row 3: {problem}")


def test_every_bad_row_is_reported_at_once(tmp_path):
    """Nobody has to import five times to find five mistakes; what is used twice names where it stood first."""
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
        ((HEADER + ROW).encode("gbk"), "row 2: is not UTF-8 (GBK or another encoding?); save it as “CSV UTF-8”"),
        ((HEADER + ROW).encode("utf-16"), "row 1: is not UTF-8 (GBK or another encoding?); save it as “CSV UTF-8”"),
        (gzip.compress(HEADER.encode(), mtime=0)[:-9], "row 1: the file is not sound gzip"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_one_clear_line(tmp_path, content, reason):
    """Wrong files, encodings and headers are explained, not guessed at."""
    (line,) = refusal(file(tmp_path, content))

    assert line.startswith(reason)
