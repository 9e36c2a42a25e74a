"""What a sentence means, in the words of the packs that ship."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prompts import shipped
from routing.speech.lexicon import NO_WORDS, SPELLING, entries
from routing.speech.meaning import LAST, Meaning, Wish
from routing.speech.reading import Reader
from routing.speech.spelling import Spelling
from tests.routing.corpus import readers

READERS = readers()
TEXT = st.text(alphabet=st.characters(codec=None, exclude_categories=()))
ANY = pytest.mark.parametrize("reader", READERS.values(), ids=READERS)


def reading(text: str, language: str = "zh") -> Meaning:
    return READERS[language].read(text)


@ANY
@settings(deadline=None)  # a pattern is made when it is first needed, which on a busy machine takes a while
@given(text=TEXT)
def test_any_text_means_something_or_nothing(reader: Reader, text: str):
    """Any Unicode, lone surrogates too: never an exception."""
    meaning = reader.read(text)
    assert meaning.text == text
    assert all(number.digits.isdecimal() for number in meaning.numbers)


@ANY
def test_an_empty_text_means_nothing(reader: Reader):
    assert Meaning() == reader.read("")
    assert Meaning(text=" \n") == reader.read(" \n")


PHRASES = ("去医院", "要买药", "吃完了", "不是着火", "my pills ", "I need ", "not on fire ")  # each asks its neighbours


@ANY
@pytest.mark.parametrize("filling", ["药", "不", "一", "help ", "(", "1", "乾", "。", " ", *PHRASES])
def test_a_sentence_of_64_kb_is_read_in_linear_time(reader: Reader, filling: str):
    """As long as a webhook may be; nothing is tried again and again."""
    assert isinstance(reader.read(filling * (64_000 // len(filling.encode()))), Meaning)


def examples(tables, above=()):
    """Every example of a pack's words with the path of its table."""
    for name, below in tables.items():
        if name == "examples":
            yield from ((above, sentence) for sentence in below)
        elif isinstance(below, dict) and name not in NO_WORDS:
            yield from examples(below, (*above, name))


def shipped_examples():
    return [
        pytest.param(language, path, sentence, id=f"{language} {sentence}")
        for language, pack in shipped().items()
        for path, sentence in examples(pack.words)
    ]


@pytest.mark.parametrize(("language", "path", "sentence"), shipped_examples())
def test_an_example_is_understood_as_the_table_it_stands_in(language: str, path: tuple[str, ...], sentence: str):
    """The words of a pack show what they are for."""
    meaning = reading(sentence, language)
    match path:
        case "needs", need:
            assert (need,) == meaning.needs
        case "emergencies", kind:
            assert meaning.emergency
            assert kind == meaning.emergency.kind
        case _:
            pytest.fail(f"{path}: nobody knows what an example there must show")


@pytest.mark.parametrize(
    ("said", "yes"),
    [
        ("没有错", True), ("不错，是这里", True), ("对，没有问题", True), ("是啊，不会错的", True),
        ("对不起，是的", True),
        ("不是", False), ("不是，是牡丹社区", False), ("搞错了", False), ("我搬家了", False),
        ("不知道", None), ("银杏社区", None), ("是不是银杏社区", None),
    ],
)  # fmt: skip
def test_yes_and_no(said: str, yes: bool | None):
    """C3."""
    assert yes is reading(said).answer


@pytest.mark.parametrize(
    ("language", "said", "kind"),
    [
        ("zh", "我要打人工", None), ("zh", "家里煤气没气了", None), ("zh", "你们不是骗子吧，我要买药", None),
        ("en", "Can you help me get my pills", None), ("en", "I am not bleeding", None),
        ("zh", "救護車", "medical"), ("zh", "著火了", "fire"), ("zh", "救 命", "medical"), ("zh", "叫不醒", "medical"),
        ("zh", "没呼吸了", "medical"), ("zh", "吐血", "medical"), ("zh", "触电", "medical"),
        ("zh", "喝农药", "medical"),
        ("en", "I can’t breathe", "medical"), ("en", "can not breathe", "medical"), ("en", "choking", "medical"),
        ("en", "passed out", "medical"), ("en", "someone is breaking in", "police"),
        ("en", "hes not breathing", "medical"), ("en", "my baby is turning blue", "medical"),
        ("en", "her face has dropped", "medical"), ("en", "my friend fall down, eyes closed", "medical"),
        ("en", "the gas pipe is hissing", "fire"), ("en", "he got his head stuck in the railings", "rescue"),
        ("en", "my handbag has been snatched", "police"), ("en", "grandma has wandered off", "police"),
        ("en", "I passed out the leaflets", None), ("en", "I could murder a sandwich", None),
        ("en", "I am drowning in paperwork", None), ("en", "a stroke of luck", None),
        ("en", "my husband had a stroke two years ago", None), ("en", "the burglar alarm needs a battery", None),
        ("en", "there's a song on, ring of fire", None), ("en", "should I have a stroke, who comes", None),
        ("en", "he's cut his hand off", "medical"), ("en", "her finger is hanging off", "medical"),
        ("en", "his face has gone all wrong", "medical"), ("en", "he sawed the leg off the table", None),
        ("en", "the pills haven't come yet", None), ("en", "my wife has not come home since last night", "police"),
        ("zh", "呼吸一下有一下没有", "medical"), ("zh", "他喘气有一下没一下的", "medical"),
        ("zh", "手指被电锯锯掉了", "medical"), ("zh", "脚肿得跟馒头一样", None),
        ("zh", "喉咙肿得气都透不过来", "medical"),
        ("zh", "项链断了", None), ("zh", "胳膊断了", "medical"),
        ("zh", "我被他气晕了", None), ("zh", "我妈气得晕过去了", "medical"),
        ("zh", "叫救火车", "fire"), ("zh", "楼下来了救火车", None), ("zh", "嘴歪了流口水", "medical"),
        ("zh", "小孩老是流口水", None), ("zh", "我老头子误把洁厕灵当矿泉水喝了", "medical"),
        ("zh", "手指头给搅拌机绞下来半截", "medical"), ("en", "the lawnmower's chopped two of his toes off", "medical"),
        ("en", "my husband's sawn right through his thumb", "medical"),
        ("en", "the toddler's eaten my heart pills", "medical"),
    ],
)  # fmt: skip
def test_emergencies_and_what_looks_like_one(language: str, said: str, kind: str | None):
    """C4 and C5; the number is that of the country."""
    found = reading(said, language).emergency
    assert kind == (found.kind if found else None)
    assert not found or found.number == {"medical": "120", "fire": "119", "police": "110", "rescue": "119"}[found.kind]


@pytest.mark.parametrize(
    ("language", "said", "despair"),
    [
        ("zh", "我不想活了", True), ("zh", "活着没意思，死了算了", True), ("zh", "救命，我想自杀", True),
        ("zh", "我喝了农药，不想活了", False), ("zh", "割腕了", False), ("zh", "胸口疼", False),
        ("en", "I don't want to live any more", True), ("en", "I want to kill myself", True),
        ("en", "I took an overdose, I want to die", False), ("en", "help, she is not breathing", False),
    ],
)  # fmt: skip
def test_despair_is_told_from_a_danger_that_needs_a_doctor(language: str, said: str, despair: bool):
    found = reading(said, language).emergency
    assert ("medical", despair) == (found and found.kind, found and found.despair)


@pytest.mark.parametrize(
    ("said", "needs"),
    [
        ("i need my perscription", ("medicine",)), ("I've run out of statins", ("medicine",)),
        ("I need my stroke medicine", ("medicine",)), ("no groceries today", ()), ("I don't need any medicine", ()),
        ("something else this time, I need groceries", ("food",)), ("I have a car of my own", ()),
        ("I've no means of getting there", ("transport",)), ("the power's out", ("other",)),
        ("there's no gas left in the bottle", ("other",)),
        ("I could murder a sandwich, can you bring me one", ("food",)),
        ("the medicine came, thank you", ()), ("cancel the groceries please", ()),
        ("I'm stood waiting for the bus", ()), ("I'm on the bus", ()),
        ("the bus never came, can you take me", ("transport",)),
    ],
)  # fmt: skip
def test_what_is_asked_for_in_english(said: str, needs: tuple[str, ...]):
    assert needs == reading(said, "en").needs


@pytest.mark.parametrize(
    ("said", "yes"),
    [
        ("no, no, you're right", True), ("no you're right", True), ("that's not correct", False),
        ("I don't think that's right", False), ("I haven't moved", True), ("yes and no", None),
        ("that's all wrong", False), ("his leg is all wrong", None), ("he's cut his hand off", None),
        ("my day off is Tuesday", None), ("not quite", False),
    ],
)  # fmt: skip
def test_yes_and_no_in_english(said: str, yes: bool | None):
    """A statement outweighs what is only called."""
    assert yes is reading(said, "en").answer


@pytest.mark.parametrize(
    ("said", "needs"),
    [
        ("吃的降压药没了", ("medicine",)), ("饭后吃的胰岛素", ("medicine",)), ("喝的中药", ("medicine",)),
        ("買藥", ("medicine",)), ("我听不清，我要买降压药", ("medicine",)), ("我不会说英语", ()),
        ("你们不是骗子吧，我要买药", ("medicine",)),
        ("我姓米", ()), ("我姓药", ()), ("我姓米，家里没米了", ("food",)), ("看得我口水都流下来了", ()),
        ("等公交车的时候接到你们的电话", ()), ("我在公交车上", ()), ("公交车等不到，能来接我去医院吗", ("transport",)),
        ("我把消毒液当水喝下去了", ()),
    ],
)  # fmt: skip
def test_what_is_asked_for_and_what_stands_beside_it(said: str, needs: tuple[str, ...]):
    """C7 and C8."""
    assert needs == reading(said).needs


def test_a_language_is_asked_for_and_not_only_named():
    """C8."""
    assert "en" == reading("请说英语").language == reading("english please").language
    assert reading("我不会说英语").language is None
    assert "zh" == reading("请说普通话", "en").language
    assert reading("说中文").language is None  # it is spoken already


@pytest.mark.parametrize(
    ("said", "choice"), [("一", 1), ("按1", 1), ("第一个", 1), ("最后一个", LAST), ("一定要来", None)]
)
def test_a_key_may_be_said(said: str, choice: int | None):
    """C10."""
    assert choice == reading(said).choice


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("二零三", [("203", "")]), ("13812345678，我一个人住", [("13812345678", "")]),
        ("057486551234转801", [("057486551234", "801")]), ("86551234", [("86551234", "")]),
        ("一三八，一二三四，五六七八", [("13812345678", "")]), ("两盒药，三楼，八十岁", []),
        ("13812345678，13812345678", [("13812345678", "")]),
    ],
)  # fmt: skip
def test_numbers_that_are_read_out(said: str, numbers: list[tuple[str, str]]):
    """C10 and C11."""
    assert numbers == [(number.digits, number.extension) for number in reading(said).numbers]


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("幺三八零零幺三八零零零", ["13800138000"]), ("三个八六个零", ["888000000"]), ("一百三十八", ["138"]),
        ("double oh seven one two three four", ["0071234"]), ("one thirty-eight", ["138"]),
        ("thirty oh five", ["3005"]), ("eight hundred, five five", ["80055"]), ("double seven twenty", ["7720"]),
        ("one thirty-eight, double oh, one three eight, eight thousand", ["138001388000"]),
        ("thirteen eight hundred one three eight zero zero zero", ["13800138000"]), ("a hundred and five", ["105"]),
        ("oh five seven four, eighty-eight sixty six, ten twenty", ["057488661020"]), ("I'm eighty-four years old", []),
        ("one hundred and twenty three", ["123"]),
    ],
)  # fmt: skip
def test_numbers_that_are_said_by_their_value(said: str, digits: list[str]):
    """In twos and hundreds, as people read out a number that they know by heart."""
    language = "en" if said.isascii() else "zh"
    assert digits == [number.digits for number in reading(said, language).numbers]


def test_a_wish_and_a_need_may_stand_together():
    meaning = reading("我听不清，我要买降压药")
    assert (meaning.wants(Wish.AGAIN), meaning.needs) == (True, ("medicine",))


@pytest.mark.parametrize(
    ("said", "needs"),
    [
        ("药还没来", ("medicine",)), ("昨天说送的药到现在没送来", ("medicine",)), ("饭还没送来", ("food",)),
        ("my delivery hasn't been", None), ("the pills haven't come yet", ("medicine",)),
    ],
)  # fmt: skip
def test_who_waits_for_what_was_asked_for_wants_to_know_what_became_of_it(said: str, needs: tuple[str, ...] | None):
    meaning = reading(said, "en" if said.isascii() else "zh")
    assert meaning.wants(Wish.STATUS)
    assert needs in (None, meaning.needs)


@pytest.mark.parametrize("language", READERS)
def test_no_alternative_of_a_word_is_written_as_nothing(language: str):
    """(quite|all) wrong would be "wrong", and (all|quite) off just "off": what adds nothing may be left out anyway."""
    tables = shipped()[language].words
    nothing = [word for word, written in Spelling.of(tables.get(SPELLING, {})).words.items() if not written]
    alternative = re.compile(rf"[(|](?:{'|'.join(nothing or ['(?!)'])})[|)]")
    assert [] == [(tag, entry) for tag, entry in entries(tables) if alternative.search(entry)]


def test_what_was_said_in_vain_is_told_too():
    """The desk and ``flask flow listen`` show it."""
    assert ["denied"] == [each.fate for each in reading("我妈妈没有摔倒").why]


@pytest.mark.parametrize(
    "said",
    [
        "he had a heart attack",
        "there was an explosion in the kitchen",
        "I saw a man with a knife at my door",
        "thank god you answered, my mother is unconscious",
        "he had a seizure",
        "my wife had a stroke just now",
        "I heard a bang and now there is smoke everywhere",
    ],
)
def test_how_people_begin_to_tell_takes_no_danger_back(said: str):
    """C5: a past tense is not the past."""
    assert reading(said, "en").emergency


@pytest.mark.parametrize(
    ("language", "said", "need"),
    [("zh", "治老慢支的那个喷不出来了", "medicine"), ("en", "there's not a thing in my cupboards", "food")],
)
def test_ways_of_saying_that_no_list_has_are_understood_or_asked_about(language: str, said: str, need: str):
    """And what spoke for it is told."""
    meaning = reading(said, language)
    assert need in (*meaning.needs, *meaning.near)
    assert any(each.words and each.key == need for each in meaning.why)
