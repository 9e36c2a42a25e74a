"""What in a sentence was meant as a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.speech.latin import WORD
from routing.speech.phonetics import HAN
from routing.speech.phrases import phrase

PLACES = ("新碶街道", "北仑区")


@pytest.mark.parametrize(
    ("heard", "name"),
    [
        ("我住在新碶街道那个迎新社区", "迎新"),
        ("迎新 社区。", "迎新"),
        ("新碶迎新", "迎新"),
        ("大碶街道迎新村", "迎新"),
        ("不是，是迎新社区", "迎新"),
        ("我是那个凤凰山庄的", "凤凰山庄"),
        ("凤凰城二十三幢", "凤凰城"),
        ("老鹰山那个小区", "老鹰山"),
        ("I live in Vanke City", "Vanke City"),
        ("it's the Phoenix community", "Phoenix"),
    ],
)
def test_talk_streets_and_endings_are_left_out(heard: str, name: str):
    assert name == phrase(heard, PLACES)


STORY = "后面有一座很高很高山坡和一座大院子"


@pytest.mark.parametrize(
    "heard", ["", "对的", "嗯这个那个", "我不知道呀", "新碶街道", "新碶", "13800000001", "a gate", STORY]
)
def test_where_nothing_is_named_nothing_is_left(heard: str):
    """A telephone number and words that are not Chinese are no names either."""
    assert "" == phrase(heard, PLACES)


def test_a_sentence_about_something_else_names_only_what_an_ending_marks():
    """买点 in 我想买点降压药 is no place."""
    assert "" == phrase("我想买点降压药", ended=True)
    assert "迎新" == phrase("买药送到迎新社区来", ended=True)


@given(st.text())
def test_any_text_has_an_answer(heard: str):
    """Chinese characters only, or Latin words only, or nothing."""
    found = phrase(heard)
    assert all(map(HAN.fullmatch, found)) or all(map(WORD.fullmatch, found.split(" ")))
