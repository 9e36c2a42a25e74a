"""Which community was named, as callers name it."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.directory import Community, Directory
from routing.matching import Decision, Match, Matcher
from routing.matching.explain import Reason
from routing.speech.phrases import phrase
from tests.routing.builders import new_community

ROWS = [
    ("银杏社区", "新碶街道"),
    ("红梅社区", "新碶街道"),
    ("芙蓉社区", "新碶街道"),
    ("高塘社区", "新碶街道"),
    ("高塘村委会", "新碶街道"),
    ("大路村委会", "新碶街道"),
    ("大路周村委会", "新碶街道"),
    ("太平村委会", "大榭街道"),
    ("海城居委会", "大榭街道"),
    ("太平村委会", "白峰街道"),
    ("白峰村委会", "白峰街道"),
    ("勤山村委会", "白峰街道"),
    ("东六房村委会", "柴桥街道"),
    ("沃家村委会", "柴桥街道"),
    ("周隘陈村委会", "大碶街道"),
    ("社区居委会", "大碶街道"),
]


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    facts = {"银杏社区": {"aliases": ("白果园", "金色水岸")}, "红梅社区": {"aliases": ("Vanke City",)}}
    rows = (
        new_community(name, f"3302060{n:02}001", street, **facts.get(name, {}))
        for n, (name, street) in enumerate(ROWS, 10)
    )
    return Matcher(Directory(rows))


def named(match: Match) -> list[str]:
    return [candidate.community.street + candidate.community.name for candidate in match.candidates]


@pytest.mark.parametrize(
    ("heard", "name"),
    [
        ("银杏社区", "银杏社区"),
        ("我住在银杏社区", "银杏社区"),
        ("银杏", "银杏社区"),
        ("银杏。", "银杏社区"),
        ("我在银杏社区，想买点降压药", "银杏社区"),
        ("我在银杏社区想买点降压药", "银杏社区"),
        ("银杏社区三号楼五零一", "银杏社区"),
        ("银杏社区银杏社区", "银杏社区"),
        ("我是红梅的不对是银杏社区的", "银杏社区"),
        ("不是红梅社区是银杏社区", "银杏社区"),
        ("Yinxing community", "银杏社区"),
        ("I live in Yin Xing community", "银杏社区"),
        ("yínxìng", "银杏社区"),
        ("白果园", "银杏社区"),
        ("东6房村", "东六房村委会"),
        ("東六房村", "东六房村委会"),
        ("清山村", "勤山村委会"),
        ("高塘社区", "高塘社区"),
        ("高塘村", "高塘村委会"),
        ("大路周村", "大路周村委会"),
        ("周嘎陈村", "周隘陈村委会"),
        ("迎新社区", "银杏社区"),
        ("yingxin", "银杏社区"),
        ("银杏村", "银杏社区"),
        ("银 杏 社 区。", "银杏社区"),
        ("喂，银杏，银杏社区", "银杏社区"),
        ("是银杏社区，不是红梅", "银杏社区"),
        ("银杏社区，就在红梅社区隔壁", "银杏社区"),
        ("红梅那是我儿子家，我自己在银杏", "银杏社区"),
        ("我老娘八十多了一个人住在银杏社区，血压高，药吃完了", "银杏社区"),
        ("银杏社区，53幢五零二", "银杏社区"),
        ("my mother lives at Yin Xing, she needs medicine", "银杏社区"),
        ("Vanke City", "红梅社区"),
        ("I live in Vanka city community", "红梅社区"),
        ("万科 city", "红梅社区"),
    ],
)
def test_a_clear_name_is_accepted(matcher, heard, name):
    """However it is framed, written, corrected or accented, when only one community can be meant."""
    match = matcher.match(heard)

    assert (Decision.ACCEPT, name) == (match.decision, match.candidates[0].community.name)


@pytest.mark.parametrize("heard", ["银行社区", "新碶街道那个迎新", "银杏社区隔壁", "我不住银杏社区"])
def test_a_possible_name_alone_is_asked_about(matcher, heard):
    """Another reading, sounds further off, the place beside it: likely enough to ask, not to act on."""
    match = matcher.match(heard)

    assert (Decision.CONFIRM, ["新碶街道银杏社区"]) == (match.decision, named(match))


@pytest.mark.parametrize(
    ("heard", "name"),
    [
        ("黑昌", "海城居委会"),
        ("红卖社区", "红梅社区"),
        ("我家村", "沃家村委会"),
        ("阿拉我家村的", "沃家村委会"),
    ],
)
def test_slips_of_the_ear_are_asked_about(matcher, heard, name):
    """Two finals off, or the words before a name written as the name: likely enough to ask."""
    match = matcher.match(heard)

    assert (Decision.CONFIRM, name) == (match.decision, match.candidates[0].community.name)


@pytest.mark.parametrize(
    "frame",
    ["麻烦你帮我转{}行不行", "是不是{}的电话啊", "请你给我接{}可以吗", "{}对不对啊", "叫{}的人来一下好伐", "在{}啦"],
)
def test_a_question_around_a_name_denies_nothing(matcher, frame):
    match = matcher.match(frame.format("银杏社区"))

    assert (Decision.ACCEPT, "银杏社区") == (match.decision, match.candidates[0].community.name)


@pytest.mark.parametrize(
    "heard",
    [
        "",
        " 。",
        "我要买药",
        "转人工",
        "再说一遍",
        "喂你好听得到吗",
        "送我去医院",
        "不知道",
        "我家在海边",
        "社区",
        "我们村",
        "居委会",
        "今天天气很好",
        "一二三",
        "hello",
        "please help me",
        "明月社区",
        "我家在永乐村",
        "新碶街道",
        "我家在大海边上",
        "洪妹桥村",
    ],
)
def test_what_names_no_community_is_rejected_with_a_reason(matcher, heard):
    match = matcher.match(heard)

    assert Decision.REJECT == match.decision
    assert match.reason


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("太平村", {"大榭街道太平村委会", "白峰街道太平村委会"}),
        ("高塘", {"新碶街道高塘社区", "新碶街道高塘村委会"}),
        ("新碶街道 高塘", {"新碶街道高塘社区", "新碶街道高塘村委会"}),
        ("Xinqi Street Gaotang", {"新碶街道高塘社区", "新碶街道高塘村委会"}),
    ],
)
def test_a_shared_name_is_asked_about(matcher, heard, expected):
    match = matcher.match(heard)

    assert (Decision.CONFIRM, expected) == (match.decision, set(named(match)))


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("大榭街道太平村", "大榭街道太平村委会"),
        ("大榭太平", "大榭街道太平村委会"),
        ("我是白峰街道太平村的", "白峰街道太平村委会"),
        ("北仑区白峰街道太平村", "白峰街道太平村委会"),
        ("白峰街道白峰村", "白峰街道白峰村委会"),
        ("白峰村", "白峰街道白峰村委会"),
    ],
)
def test_a_street_in_front_tells_bearers_of_one_name_apart(matcher, heard, expected):
    """And a community that is called as its street is still found."""
    match = matcher.match(heard)

    assert (Decision.ACCEPT, expected) == (match.decision, named(match)[0])


def test_two_places_in_one_breath_are_both_asked_about(matcher):
    """Nothing says which is the caller's."""
    match = matcher.match("银杏社区啊芙蓉社区")

    assert (Decision.CONFIRM, {"银杏社区", "芙蓉社区"}) == (
        match.decision,
        {candidate.community.name for candidate in match.candidates},
    )


def test_a_longer_name_written_as_heard_makes_a_question():
    """西山 is heard: 西三 in other characters, or the beginning of 西山下?"""
    match = Matcher(Directory([new_community("西三村", "1"), new_community("西山下村", "2")])).match("西山村")

    assert Decision.CONFIRM == match.decision


def test_a_name_heard_whole_is_offered_before_one_half_heard():
    """As many of the longer name's syllables were found, but nobody says half of it."""
    matcher = Matcher(Directory([new_community("杏花村新村委会", "1"), new_community("新华村委会", "2")]))

    match = matcher.match("新华村")

    assert "新华村委会" == match.candidates[0].community.name
    assert Decision.REJECT != match.decision


@pytest.mark.parametrize("heard", ["对面山村委会", "我是对面山村的"])
def test_a_name_that_begins_like_a_word_of_place_is_heard(heard):
    assert Decision.REJECT != Matcher(Directory([new_community("对面山村委会")])).match(heard).decision


def test_a_name_of_many_is_narrowed_by_the_street():
    """More bearers than a caller can hold in mind: the street is asked, and settles it."""
    rows = [
        new_community("和平村", f"{n}", street)
        for n, street in enumerate(["新碶街道", "大碶街道", "小港街道", "柴桥街道"])
    ]
    matcher = Matcher(Directory(rows))

    assert Decision.NARROW == matcher.match("和平村").decision
    assert (Decision.ACCEPT, "大碶街道和平村") == (
        (match := matcher.match("大碶街道 和平村")).decision,
        named(match)[0],
    )


def test_a_refused_community_is_never_offered_again(matcher):
    """What is left is ranked anew: the other bearer of the name, or nothing."""
    first, second = matcher.match("太平村").candidates

    match = matcher.match("太平村", without=[first.community.code])
    assert [second.community] == [candidate.community for candidate in match.candidates][:1]
    both = [first.community.code, second.community.code]
    assert Decision.REJECT == matcher.match("太平村", without=both).decision


@pytest.mark.parametrize(("rows", "reason"), [([], Reason.EMPTY), (["社区居委会"], Reason.SILENT)])
def test_a_directory_without_names_rejects_everything(rows, reason):
    """Rows whose name is only 社区居委会 can be chosen by keypad, never by ear."""
    match = Matcher(Directory(new_community(name, str(n)) for n, name in enumerate(rows))).match("银杏社区")

    assert (Decision.REJECT, (), reason) == (match.decision, match.candidates, match.reason)


def test_one_row_is_enough():
    assert Decision.ACCEPT == Matcher(Directory([new_community("银杏社区")])).match("银杏社区").decision


@settings(deadline=None, max_examples=150)
@given(
    st.text()
    | st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x323AF))
    | st.text("新碶街道银杏社区不对是0a\0😀 ")
)
def test_any_text_gets_an_ordinary_answer(matcher, heard):
    """Control characters, lone marks, rare characters, scripts nobody here speaks: an answer, never an exception."""
    assert matcher.match(heard).decision in Decision


FLOODS = [
    "一",
    "a",
    "社区",
    "\0",
    "😀",
    "\ufdfa",
    "1",
    "不对银杏",
    "银杏社区",
    "'",
    " ",
    "不是",
    "第1号楼",
    "1-",
    "岁",
    "我住",
    "村",
]
FLOODS += [
    "第1号楼",
    "1-",
    "岁",
    "我住",
    "村",
    "银 ",
    "ng",
    "vanke ",
    "x1y",
    "一号",
    "，",
    "\u0301",
    "银杏隔壁",
    "离离",
]


@pytest.mark.parametrize("unit", FLOODS)
def test_a_flood_of_text_is_cut_short(matcher, unit):
    """64 kB of anything is looked at no further than a name could stand: an ordinary answer in a moment."""
    flood = unit * (65536 // len(unit.encode()))
    started = process_time()
    matcher.match(flood)
    phrase(flood)

    assert process_time() - started < 1


def test_hints_are_what_callers_say(matcher):
    """Names as they are said, then streets; short, without commas, no more than asked for, or those of one street."""
    hints = matcher.hints()

    assert ("银杏社区", "红梅社区") == hints[:2]
    assert {"高塘村", "大榭街道", "白果园"} <= set(hints)
    assert all(len(hint) <= 100 and "," not in hint for hint in hints)
    assert ("太平村", "海城社区", "大榭街道") == matcher.hints(street="大榭街道")


def test_when_names_are_too_many_streets_are_hinted_first(matcher):
    assert "新碶街道" == matcher.hints(limit=3)[0]
    assert 3 == len(matcher.hints(limit=3))


@pytest.mark.parametrize(
    ("heard", "name"),
    [
        ("3社区", "第三社区"),
        ("三社区", "第三社区"),
        ("二十四间", "廿四间社区"),
        ("24间", "廿四间社区"),
        ("二江", "两江社区"),
    ],
)
def test_number_words_are_the_same_however_they_are_said(heard: str, name: str):
    """C12."""
    listed = ["第三社区", "廿四间社区", "两江社区", "银杏社区", "六房村"]
    numbered = Matcher(Directory([Community(str(n), text, "新碶街道", "") for n, text in enumerate(listed)]))

    found = numbered.match(heard)
    assert found.decision is not Decision.REJECT
    assert name == found.candidates[0].community.name
