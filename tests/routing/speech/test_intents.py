"""What an utterance means, in the words of the packs that ship."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.voice.world import vocabulary
from prompts import load_packs
from routing.speech.intents import Meaning, Vocabulary, spoken_digits, understand

PACKS = load_packs()
CHINESE, ENGLISH = (vocabulary(PACKS[language], PACKS.values()) for language in ("zh", "en"))


@given(text=st.text(alphabet=st.characters(codec=None, exclude_categories=())))
def test_any_text_means_something_or_nothing(text: str):
    """Any Unicode, lone surrogates too: never an exception, never yes and no at once."""
    for words in (CHINESE, ENGLISH, Vocabulary()):
        meaning = understand(text, words)
        assert not (meaning.yes and meaning.no)
        assert set(meaning.needs) <= set(words.needs)
    assert Meaning() == understand(text, Vocabulary())


@given(text=st.text(), word=st.sampled_from([word for words in CHINESE.needs.values() for word in words]))
def test_a_chinese_word_is_found_wherever_it_stands(text: str, word: str):
    """Chinese is written without spaces."""
    whole = unicodedata.normalize("NFKC", text) + word
    assert understand(whole, CHINESE).needs


@given(text=st.text(st.characters(categories=["Ll"], max_codepoint=127), min_size=1))
def test_an_english_word_stands_by_itself(text: str):
    """'no' is not in 'know', and 'car' is not in 'care'."""
    assert not understand(f"no{text}", Vocabulary(no=("no",))).no
    assert understand(f"{text} no", Vocabulary(no=("no",))).no


def test_an_empty_text_means_nothing():
    assert Meaning() == understand("", CHINESE) == understand(" \n", ENGLISH)


@pytest.mark.parametrize("words", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_every_word_of_a_pack_means_what_it_stands_under(words: Vocabulary):
    """Said alone, none is covered up by another."""
    for need, those in words.needs.items():
        assert {need} == {understand(word, words).needs[0] for word in those}
    for number, those in words.emergency.items():
        assert {number} == {understand(word, words).emergency for word in those}
    for language, those in words.languages.items():
        assert {language} == {understand(word, words).language for word in those}
    for kind in ("yes", "no", "hello", "again", "person", "unknown", "redo"):
        assert [] == [word for word in getattr(words, kind) if not getattr(understand(word, words), kind)]
    for place, those in enumerate(words.ordinals, 1):
        assert {place} == {understand(word, words).ordinal for word in those}


@pytest.mark.parametrize(
    ("said", "needs"),
    [
        ("家里没药了，顺便想买点菜", ("medicine", "food")),
        ("我要去医院做透析", ("transport",)),
        ("我想买点降压药", ("medicine",)),
        ("今天没吃的了", ("food",)),
        ("你好", ()),
    ],
)
def test_the_first_need_that_is_named_comes_first(said: str, needs: tuple[str, ...]):
    assert needs == understand(said, CHINESE).needs


@pytest.mark.parametrize("said", ["救命啊", "我爸爸摔倒了", "家里着火了", "他胸口疼", "ＳＯＳ救命"])
def test_an_emergency_names_the_number_to_dial(said: str):
    assert understand(said, CHINESE).emergency == ("119" if "火" in said else "120")


@pytest.mark.parametrize("said", ["不是", "不对", "不是的，是牡丹社区"])
def test_no_is_no_though_yes_is_in_it(said: str):
    """不是 holds 是."""
    assert (True, False) == (understand(said, CHINESE).no, understand(said, CHINESE).yes)


@pytest.mark.parametrize("said", ["喂，你好", "喂你好，听得到吗", "喂喂喂", "你好！"])
def test_hello_is_only_hello(said: str):
    assert understand(said, CHINESE).hello


@pytest.mark.parametrize("said", ["你好，我要买药", "喂，我在银杏社区", "银杏社区", ""])
def test_hello_with_something_after_it_is_not(said: str):
    assert not understand(said, CHINESE).hello


@pytest.mark.parametrize("said", ["Help me, please", "ＨＥＬＰ ＭＥ", "HELP ME"])
def test_case_and_width_do_not_matter(said: str):
    assert "120" == understand(said, ENGLISH).emergency


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("一三八零零零零零零零一", "13800000001"),
        ("幺三八", "138"),
        ("1 3 8", "138"),
        ("１３８", "138"),
        ("१३८", "138"),
        ("one three eight double oh", "1380"),
        ("我的号码是八六五五，零零零一", "86550001"),
        ("没有", ""),
    ],
)
def test_a_number_is_read_out_in_many_ways(said: str, digits: str):
    assert digits == spoken_digits(said)


@given(text=st.text())
def test_spoken_digits_are_digits(text: str):
    """Whatever is said: what comes out can be looked at as a telephone number."""
    assert all("0" <= digit <= "9" for digit in spoken_digits(text))


@pytest.mark.parametrize(
    ("words", "text", "need"),
    [
        (CHINESE, "我要买点米和菜", "food"),
        (CHINESE, "想请人送午饭来", "food"),
        (CHINESE, "家里断粮了", "food"),
        (CHINESE, "喝的水没有了", "food"),
        (CHINESE, "帮我去医院拿药", "medicine"),
        (CHINESE, "发烧了，要布洛芬", "medicine"),
        (CHINESE, "能派辆车吗", "transport"),
        (CHINESE, "预约了门诊，去不了", "transport"),
        (ENGLISH, "our fridge is empty", "food"),
        (ENGLISH, "I need my inhaler", "medicine"),
        (ENGLISH, "take me to my appointment", "transport"),
    ],
)
def test_a_need_is_heard_as_people_ask_for_it(words: Vocabulary, text: str, need: str):
    """Residents do not name the menu's word; asked again, they think that nobody understands them."""
    assert need == understand(text, words).needs[0]
