"""A sentence that somebody rewrote: refused with the reason, before any caller hears it."""

import pytest

from prompts import load_packs, with_sentences
from prompts.checks import Fault, faults, limit_s, seconds, tidy

PACKS = load_packs()


@pytest.mark.parametrize("language", PACKS)
def test_what_ships_is_in_order(language: str):
    pack = PACKS[language]
    assert {} == {key: wrong for key, text in pack.say.items() if (wrong := faults(pack, key, text))}


@pytest.mark.parametrize(
    ("language", "key", "text", "fault"),
    [
        ("zh", "greet", "", Fault("empty")),
        ("zh", "greet", "您好，{hotline}，<break/>。", Fault("markup", "<")),
        ("zh", "greet", "您好，{hotline}\u202e。", Fault("text")),
        ("zh", "greet", "您好，{hotline。", Fault("braces")),
        ("zh", "greet", "您好，{hotline!r}。", Fault("braces")),
        ("zh", "greet", "您好，{hotline.name}。", Fault("braces")),
        ("zh", "greet", "您好。", Fault("missing", "{hotline}")),
        ("zh", "greet", "您好，{hotline}，{caller}。", Fault("unknown", "{caller}")),
        ("zh", "community.taken", "{name}。不对请按3。", Fault("key", "3")),
        ("en", "community.taken", "{name}. If that is wrong, press 3.", Fault("key", "3")),
        ("zh", "message.notice", "请说您的姓名、住址和需要，说完请挂机。", Fault("must", "录音")),
        ("en", "message.beep", "Speak after the beep.", Fault("must", "ecording")),
        ("zh", "hello", "Hello，我在听。", Fault("script", "Hello")),
        ("en", "hello", "Yes, 我在听.", Fault("script", "我在听")),
        ("zh", "hello", "听得到的。" * 8, Fault("long", "8 > 6")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(language: str, key: str, text: str, fault: Fault):
    assert fault in faults(PACKS[language], key, text)


@pytest.mark.parametrize(
    ("language", "key", "text"),
    [
        ("zh", "greet", "{hotline}，您好。{pause}您请讲。"),
        ("zh", "community.taken", "{name}，对吗？不对请按2，找人请按0。"),
        ("zh", "hello", "听得到，我在B区听。"),
        ("en", "message.beep", "Please speak after the beep. Recording starts then."),
    ],
)
def test_what_is_right_is_taken(language: str, key: str, text: str):
    """Pauses are a matter of taste, a person and again work everywhere, a letter or two are spelt."""
    assert [] == faults(PACKS[language], key, text)


def test_seconds_are_those_of_a_slow_voice():
    """Four characters a second, half a second a pause, one for what fills a blank."""
    assert 2.5 + 0.5 + 1 == seconds("一二三四五六七八九十{pause}{name}")
    assert limit_s(PACKS["zh"], "message.notice") == 1.5 * seconds(PACKS["zh"].say["message.notice"])


def test_line_ends_are_no_words():
    assert "您好， 请讲" == tidy(" 您好，\r\n请讲\n")


def test_a_sentence_of_ones_own_stands_for_the_packs_and_its_recording():
    """A key that is no more, and a language that is none, are left out."""
    own = {("zh", "hello"): "在的。", ("zh", "hallo"): "x", ("fr", "hello"): "oui"}
    packs = with_sentences(PACKS, own)
    assert "在的。" == packs["zh"].say["hello"]
    assert set(PACKS["zh"].say) == set(packs["zh"].say)
    assert packs["en"] is PACKS["en"]
