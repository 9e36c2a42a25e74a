"""Chinese names in Latin letters, as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.speech.romanised import spellings, typed


@pytest.mark.parametrize(
    ("name", "ways"),
    [
        ("银杏社区", {"yinxingshequ", "xingshequ", "yin", "xing", "yxsq"}),
        ("吕奶奶", {"lvnainai", "lunainai", "lnn"}),
        ("曾单", {"cengdan", "zengdan", "cengshan"}),
        ("B区银杏", {"yinxing"}),
        ("Oak Lane", set()),
        ("", set()),
    ],
)
def test_a_name_is_spelt_in_the_ways_people_type_it(name: str, ways: set[str]):
    """O2: whole, from any syllable on, by first letters; ü as v and u; another reading of one character."""
    found = set(spellings(name))
    assert ways <= found
    assert bool(ways) == bool(found)


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Yínxìng", "Yinxing"), ("lǚ", "lv"), ("xi'an", "xian"), ("xi’an", "xian"), ("银杏 かが 3号", "银杏 かが 3号")],
)
def test_what_is_typed_loses_its_tones_and_marks(text: str, plain: str):
    assert plain == typed(text)


@given(st.text())
def test_any_text_is_spelt(text: str):
    assert all(each.isascii() and each.isalpha() for each in spellings(text))
    assert isinstance(typed(text), str)
