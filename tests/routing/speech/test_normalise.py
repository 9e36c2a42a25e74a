"""One spelling for what is written in many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.speech.normalise import closed, normal, respelt, simplified


@pytest.mark.parametrize(
    ("written", "one"),
    [
        ("救護車", "救护车"),
        ("買藥", "买药"),
        ("銀杏社區", "银杏社区"),
        ("乾淨", "干净"),
        ("乾隆", "乾隆"),
        ("ＳＯＳ救命", "sos救命"),
        ("I can’t breathe", "i can't breathe"),
        ("“不是”", '"不是"'),
        ("8655–0001", "8655-0001"),
        ("\u202a13800000000\u202c", "13800000000"),
        ("一\u200b个", "一个"),
        ("银杏\u3000 社区\n", "银杏 社区"),
        ("a\tb\x00c", "a b c"),
        ("\ud800救命", "救命"),
        ("，！？", ",!?"),
    ],
)
def test_what_is_written_in_many_ways_has_one_spelling(written: str, one: str):
    assert one == normal(written)


@given(text=st.text(alphabet=st.characters(codec=None, exclude_categories=())))
def test_any_text_has_one(text: str):
    """Lone surrogates too; normalising again changes nothing, nor does closing gaps bring back what was folded."""
    once = normal(text)
    assert once == normal(once)
    assert normal(closed(once)) == closed(once)
    assert simplified(once) == once


def test_spaces_between_chinese_characters_can_be_closed():
    assert ("救命啊", "我要买药 please 快") == (closed("救 命 啊"), closed("我 要买 药 please 快"))


def test_a_space_between_words_may_be_a_pause():
    """Only what was spelt character by character is joined."""
    assert "喂 银杏社区" == respelt("喂 银杏社区")
    assert "银杏社区" == respelt("银 杏 社 区")
    assert "我在 银杏社区 住" == respelt("我在 银杏社区 住")
