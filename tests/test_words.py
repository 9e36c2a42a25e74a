"""What routing says of a match, in words: on pages in their language, everywhere else in English."""

import re

import pytest
from flask_babel import force_locale

from ivr import words
from ivr.app import App
from ivr.store.facts.turns import UNDERSTOOD
from routing.matching.explain import Reason, Syllable, Why

CHINESE = re.compile("[\u4e00-\u9fff]")
WHYS = {
    Why("yinxing"): ("yinxing as written", "说的就是“yinxing”"),
    Why("银杏", "新碶街道"): ("银杏 as written; in 新碶街道", "说的就是“银杏”；前面说了新碶街道"),
    Why("银杏", unlike=(Syllable("银", "迎", "ying", "yin"), Syllable("杏", "性", "xing", "xing"))): (
        "sounds like 银杏: 迎→银 ying/yin, 性→杏 xing",
        "听着像“银杏”：迎→银 ying/yin、性→杏 xing",
    ),
    Why("周隘陈", "大碶街道", (Syllable("隘"),)): (
        "sounds like 周隘陈: 隘 not heard; in 大碶街道",
        "听着像“周隘陈”：没听到“隘”；前面说了大碶街道",
    ),
}


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_reason_is_told_in_each_language(app: App, reason: Reason, language: str):
    with app.test_request_context(), force_locale(language):
        told = words.reason(reason, "X")
    assert told
    assert (language == "zh") is bool(CHINESE.search(told))
    assert (reason is Reason.PLACE_ONLY) is ("X" in told)


@pytest.mark.parametrize("why", WHYS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_was_heard_as_what_is_told_in_each_language(app: App, why: Why, language: str):
    with app.test_request_context(), force_locale(language):
        assert WHYS[why][language == "zh"] == words.why(why)


def test_what_needs_no_words_gets_none(app: App):
    """A match that was sure, a candidate of a matcher that explains nothing, a reason of a release to come."""
    with app.test_request_context():
        assert ["", "", ""] == [words.reason(None), words.why(None), words.reason("a reason of tomorrow")]


def test_what_is_kept_is_told_like_what_was_matched(app: App):
    match = UNDERSTOOD["match"]
    with app.test_request_context(), force_locale("en"):
        assert "heard twice" == words.kept_reason(match)
        why = "sounds like 银杏: 迎→银 ying/yin, 杏 not heard; in 新碶街道"
        assert why == words.kept_why(match["candidates"][0])


def test_what_nobody_can_read_any_more_is_shown_as_it_was_kept(app: App):
    """Matches of years ago stay in the database, whatever routing says today."""
    with app.test_request_context(), force_locale("zh"):
        told = words.kept_reason({"reason": "100 % sure"}), words.kept_why({"why": "迎→银 ying/yin"})
    assert ("100 % sure", "迎→银 ying/yin") == told
