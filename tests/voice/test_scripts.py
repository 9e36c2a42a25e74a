"""A name is said by a voice that can say it, in every pair of languages."""

import itertools
from xml.etree import ElementTree

import pytest

from ivr.flow.types import Bye, Say
from ivr.voice import twiml
from ivr.voice.scripts import script, voices
from ivr.voice.urls import Urls
from prompts import load_packs, with_name
from prompts.pack import blanks

PACKS = load_packs()
NAMES = {"Han": ("银杏社区", "第3社区", "銀杏社區"), "Latin": ("Happy Garden", "Zhongshan Lu 3")}
VALUES = {
    "number": "101", "phone": "+8657455500111", "callback": "+8613800000001", "digit": "2", "minutes": "15",
    "hours": "1", "day": "2026-03-03", "today": "2026-03-02", "clock": "13:30", "need": "medicine", "who": "officer",
    "message": "https://hotline.example/voice/message/7",
    "callers": "2", "count": "3", "days": "2", "new": "3", "mine": "1",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "language", "pieces"),
    [
        ("银杏社区", "en", [("zh", "银杏社区")]),
        ("银杏社区", "zh", [("zh", "银杏社区")]),
        ("Happy Garden", "zh", [("en", "Happy Garden")]),
        ("3号 Happy Garden 小区", "zh", [("zh", "3号 "), ("en", "Happy Garden "), ("zh", "小区")]),
        ("银杏B区", "en", [("zh", "银杏B区")]),
        ("3-2", "en", [("en", "3-2")]),
        ("Сад", "en", [("en", "Сад")]),
        ("", "en", []),
    ],
)
def test_a_name_goes_to_the_voice_of_its_script(text: str, language: str, pieces: list[tuple[str, str]]):
    """C14: digits go with the letters beside them, a single letter is spelt; what no voice can say stays."""
    assert pieces == list(voices(text, language, PACKS))


def texts(document: str) -> list[tuple[str, str]]:
    """What each voice of a document is given to say."""
    root = ElementTree.fromstring(document)  # noqa: S314 - our own document
    return [(str(say.get("language")), "".join(say.itertext())) for say in root.iter("Say")]


@pytest.mark.parametrize("language", PACKS)
@pytest.mark.parametrize("key", PACKS["zh"].say)
def test_no_voice_is_given_what_it_cannot_say(language: str, key: str):
    """C14: every sentence of every pack, with names of every script; a hotline may be called in any."""
    can_say = {pack.voice["language"]: pack.voice["script"] for pack in PACKS.values()}
    wanted = blanks(PACKS[language].say[key])
    for name, hotline in itertools.product(itertools.chain(*NAMES.values()), ("红领热线", "Red Collar Line")):
        values = VALUES | dict.fromkeys(("name", "street", "done", "bulletin", "text"), name)
        line = twiml.Line(with_name(PACKS, hotline), language, Urls("https://hotline.example"), {})
        said = texts(twiml.render(Bye((Say(key, values),)), 1, line))
        assert said
        for voice, text in said:
            assert {can_say[voice]} >= {script(letter) for letter in text} - {None}, (voice, text)
        if "name" in wanted:
            assert name in "".join(text for _, text in said)
