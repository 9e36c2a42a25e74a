"""The preview of an import."""

from dataclasses import replace

from routing.directory import Directory
from routing.directory.difference import compare
from tests.routing.builders import new_community


def test_what_an_import_would_change_is_told_field_by_field():
    """Codes decide who is who: new, changed, gone or the same; the order of aliases is no change."""
    kept = new_community("红梅社区", "1", aliases=("梅园", "梅苑"))
    moved, gone, new = new_community("银杏社区", "2"), new_community("太平村", "3"), new_community("芙蓉社区", "4")
    elsewhere = replace(moved, street="大碶街道", keypad="104")

    difference = compare(
        Directory([kept, moved, gone]), Directory([replace(kept, aliases=("梅苑", "梅园")), elsewhere, new])
    )

    assert ((new,), (gone,), ("1",)) == (
        difference.added,
        difference.retired,
        tuple(c.code for c in difference.unchanged),
    )
    assert ["2 银杏社区: street '新碶街道' → '大碶街道', keypad None → '104'"] == list(map(str, difference.changed))
