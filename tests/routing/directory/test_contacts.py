"""Who is rung for a community's callers, read from a list with its communities: all of it, or every reason why not."""

from pathlib import Path

import pytest

from routing.directory import contacts
from routing.directory.contacts import Contact
from routing.directory.sheet import SheetError
from routing.phone_numbers import Home

HEADER = "code,name,street,district,phone,duty_contact,duty_phone,duty_hours\n"
NINGBO = Home("CN", "0574")


def file(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "list.csv"
    path.write_text(header + "".join(f"{n},社区{n},新碶街道,北仑区,{row}\n" for n, row in enumerate(rows, 1)), "utf-8")
    return path


def test_a_contact_is_read_with_its_number_and_hours(tmp_path: Path):
    """However they are written; a row without one names nobody."""
    rows = "0574 5550 0100,陈书记,5550 0131,8-12、13：00～18：00", ",,138 0013 8000,", ",,,"
    listed, found = contacts.read(file(tmp_path, *rows), NINGBO)

    assert 3 == len(listed)
    assert (Contact("", "+8613800138000"), None) == (found["2"], found["3"])
    chen = found["1"]
    assert chen
    assert ("陈书记", "+8657455500131", "08:00-12:00 13:00-18:00") == (chen.name, chen.number, chen.written_hours)


def test_a_list_without_the_columns_says_nothing_of_contacts(tmp_path: Path):
    assert {} == contacts.read(file(tmp_path, "", header="code,name,street,district,phone\n"), NINGBO)[1]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (",陈书记,0574-555001,", "duty_phone '0574-555001' is not a phone number"),
        (",陈书记,,", "duty_phone is empty"),
        (",,,8-12", "duty_phone is empty"),
        (",,138 0013 8000,morning", "duty_hours 'morning' are not hours"),
        (",=1+1,138 0013 8000,", "duty_contact '=1+1' looks like a spreadsheet formula"),
        (f",{'陈' * 41},138 0013 8000,", "duty_contact is longer than 40 characters"),
        (",陈\u202e,138 0013 8000,", "duty_contact '陈\\u202e' contains a control character"),
    ],
)
def test_a_bad_contact_is_named_with_its_row_beside_what_is_wrong_with_communities(tmp_path: Path, row: str, told: str):
    with pytest.raises(SheetError) as refused:
        contacts.read(file(tmp_path, ",,,", row, "12,,,"), NINGBO)

    first, second = str(refused.value).splitlines()
    assert first.startswith(f"row 3: {told}")
    assert second.startswith("row 4: phone '12' is not a phone number")
