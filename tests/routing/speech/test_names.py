"""What the name in a published name is, in all the forms the national list has."""

import pytest

from routing.speech import names
from routing.speech.names import COMMUNITY, VILLAGE, Name


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("银杏社区", Name("银杏", COMMUNITY)),
        ("富春社区居委会", Name("富春", COMMUNITY)),
        ("环河居民委员会", Name("环河", COMMUNITY)),
        ("高塘村委会", Name("高塘", VILLAGE)),
        ("石碶村村委会", Name("石碶", VILLAGE)),
        ("慈江村", Name("慈江", VILLAGE)),
        ("红旗社区村民委员会", Name("红旗", COMMUNITY | VILLAGE)),
        ("三村委会村委会", Name("三村", VILLAGE)),
        ("张村村委会", Name("张村", VILLAGE)),
        ("高村委会", Name("高村", VILLAGE)),
        ("凤凰社区居居委会", Name("凤凰", COMMUNITY)),
        ("富兴社区居名委员会", Name("富兴", COMMUNITY)),
        ("联合村委会大", Name("联合", VILLAGE)),
        ("浩来嘎查", Name("浩来", VILLAGE)),
        ("三溪农场生活区", Name("三溪农场生活区", 0)),
        ("银杏社区（筹）", Name("银杏", COMMUNITY)),
        ("第3社区", Name("第三", COMMUNITY)),
        ("A座社区", Name("A座", COMMUNITY)),
        ("Café社区", Name("Cafe", COMMUNITY)),
        ("海棠🌲社区", Name("海棠", COMMUNITY)),
        ("C+社区", Name("C加", COMMUNITY)),
        ("社区居委会", Name("", COMMUNITY)),
        ("村委会", Name("", VILLAGE)),
        ("", Name("", 0)),
        ("'", Name("", 0)),
        ("🌲社区", Name("", COMMUNITY)),
    ],
)
def test_the_core_is_what_people_say(published, expected):
    """Endings go, as many as there are, but two characters stay; a name made of endings has no core."""
    assert expected == names.parse(published)


@pytest.mark.parametrize(("published", "core"), [("新碶街道", "新碶"), ("深甽镇", "深甽"), ("南区", "南区"), ("", "")])
def test_a_place_is_called_without_its_rank(published, core):
    assert core == names.place(published)


@pytest.mark.parametrize(
    ("published", "said"),
    [
        ("第三社区", ["第三", "三社区"]),
        ("第五村村委会", ["第五", "五村"]),
        ("廿四间社区", ["廿四间", "二十四间"]),
        ("二十一村", ["二十一", "廿一"]),
        ("88号公馆", ["八八号公馆", "八十八号公馆"]),
        ("108社区", ["一〇八", "一百零八"]),
        ("F区社区", ["F区", "艾弗区"]),
        ("Vanke City社区", ["Vanke City", "Vanke城"]),
        ("银杏社区", ["银杏"]),
    ],
)
def test_numerals_and_letters_are_said_in_other_ways_too(published: str, said: list[str]):
    """C12: 三社区 for 第三社区, 二十四间 for 廿四间."""
    assert said == [name.core for name in names.said(published)]
