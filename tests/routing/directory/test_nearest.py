"""Names that staff type with a slip."""

import pytest

from routing.directory import Community, Directory
from routing.directory.nearest import nearest

TOWN = Directory([
    Community("1", "银杏社区", "新碶街道", "北仑区", aliases=("杏园小区",)),
    Community("2", "牡丹社区", "新碶街道", "北仑区"),
    Community("3", "太平村", "大榭街道", "北仑区"),
    Community("4", "太平村", "白峰街道", "北仑区"),
])  # fmt: skip


@pytest.mark.parametrize(("typed", "code"), [("银行社区", "1"), ("牡单", "2"), ("杏圆小区", "1"), ("白锋 太平村", "4")])
def test_one_wrong_character_still_finds_it(typed: str, code: str):
    """The community that looks most like what was typed comes first."""
    assert code == nearest(typed, TOWN, 5)[0].code


def test_a_community_is_suggested_once():
    """Its other names are ways to it, not more of it."""
    codes = [community.code for community in nearest("银杏小区", TOWN, 5)]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("typed", ["", "xyz", "。，！", "😀" * 500])
def test_what_looks_like_nothing_suggests_nothing(typed: str):
    assert [] == nearest(typed, TOWN, 5)
