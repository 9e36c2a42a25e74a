"""Words that the people of a line have added: understood beside a language's own, and before what is anything else."""

import pytest

from ivr.line import shipped_reader
from prompts import shipped
from routing.speech.reading import Reader
from routing.speech.vocabulary import Vocabulary

PACKS = tuple(shipped().values())
OWN = {
    "zh": Vocabulary(
        needs=(("暖气", "heating"), ("地暖", "heating"), ("修锁", "keys")),
        emergencies=(("困在里面", "rescue"),),
        dial=(("rescue", "+8657455500119"),),
    ),
    "en": Vocabulary(needs=(("radiator", "heating"), ("boiler man", "heating")), gone=frozenset({"transport"})),
}


def reader(language: str) -> Reader:
    return shipped_reader(PACKS, language, "CN").also(OWN[language])


@pytest.mark.parametrize(
    ("language", "sentence", "needs"),
    [
        ("zh", "我家暖气不热", ("heating",)),
        ("zh", "地暖", ("heating",)),
        ("zh", "帮我把門的鎖修一修，我要修鎖", ("keys",)),
        ("zh", "我要买降压药", ("medicine",)),
        ("zh", "暖气我不要", ()),
        ("en", "my radiator is cold", ("heating",)),
        ("en", "I need the boiler man", ("heating",)),
        ("en", "I need a taxi to the hospital", ("transport",)),
        ("en", "I need pills", ("medicine",)),
    ],
)
def test_a_word_of_its_own_means_its_need(language: str, sentence: str, needs: tuple[str, ...]):
    assert needs == reader(language).read(sentence).needs


def test_a_danger_of_its_own_has_the_number_that_is_dialled_here():
    emergency = reader("zh").read("我妈困在里面了").emergency
    assert ("rescue", "+8657455500119") == (emergency.kind, emergency.number)


def test_without_any_nothing_is_different():
    assert not Vocabulary()
    plain = shipped_reader(PACKS, "zh", "CN")
    assert plain.read("我家暖气不热") == plain.also(Vocabulary()).read("我家暖气不热")
