"""A directory may hold any name: it is found when it is said, and makes no other name wrong."""

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from routing.directory import Community, Directory
from routing.matching import Decision, Match, Matcher
from tests.routing.builders import new_community

ORDINARY = ("银杏社区", "红梅社区", "芙蓉社区", "高塘社区", "高塘村委会", "大路村委会", "大路周村委会", "沃家村委会")
SAID = ("银杏社区", "我住在红梅", "高塘村", "高汤社区", "大陆周", "沃家", "迎新社区", "今天天气不错")
ODD = (
    "长河花苑B区社区", "SOHO社区", "银河C座社区", "🌲社区", "ひらがな社区", "한글社区", "𠮷祥社区", "Ω社区", "№5社区",
    "阿" * 100, "A座社区", "F区社区", "Café社区", "88号公馆社区", "金地Ⅱ期社区", "Привет社区", "C+社区", "X社区",
)  # fmt: skip
NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30).filter(str.strip)


def directory(*odd: str) -> Directory:
    listed = enumerate((*ORDINARY, *odd))
    return Directory([new_community(name, f"3302060{n:05}", "新碶街道" if n % 2 else "大榭街道") for n, name in listed])


def told(match: Match) -> tuple[Decision, list[str]]:
    """What the caller notices of a match; what came nearest to something rejected, nobody hears."""
    offered = [] if match.decision is Decision.REJECT else [each.community.name for each in match.candidates]
    return match.decision, offered


PLAIN = {said: told(Matcher(directory()).match(said)) for said in SAID}


@pytest.mark.parametrize("many", [1, 3, len(ODD)])
def test_odd_names_change_no_other_answer(many: int):
    """One letter that nobody can say made other names wrong; three made every match fail."""
    matcher = Matcher(directory(*ODD[:many]))
    assert PLAIN == {said: told(matcher.match(said)) for said in SAID}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("长河花苑B区", "长河花苑B区社区"),
        ("我住在长河花苑 b 区", "长河花苑B区社区"),
        ("长河花苑逼区", "长河花苑B区社区"),
        ("我住在SOHO", "SOHO社区"),
        ("搜后社区", "SOHO社区"),
        ("银河c座", "银河C座社区"),
        ("诶座", "A座社区"),
        ("艾弗区", "F区社区"),
        ("café", "Café社区"),
        ("八十八号公馆", "88号公馆社区"),
        ("金地2期", "金地Ⅱ期社区"),
        ("ПРИВЕТ", "Привет社区"),
        ("한글社区", "한글社区"),
        ("ω社区", "Ω社区"),
        ("C+社区", "C+社区"),
        ("我住在x社区", "X社区"),
    ],
)
def test_an_odd_name_is_found_when_it_is_said(said: str, name: str):
    match = Matcher(directory(*ODD)).match(said)
    assert name == match.candidates[0].community.name
    assert match.decision in (Decision.ACCEPT, Decision.CONFIRM)


def test_an_alias_with_a_letter_harms_nobody():
    rows = [new_community(name, f"3302060{n:05}") for n, name in enumerate(ORDINARY)]
    matcher = Matcher(
        Directory([new_community("樱花社区", "330206099999", aliases=("樱花B区", "樱花C区", "樱花D区")), *rows])
    )
    assert "樱花社区" == matcher.match("樱花B区").candidates[0].community.name
    assert "红梅社区" == matcher.match("我住在红梅社区").candidates[0].community.name


@examples(max_examples=60, deadline=None)
@given(names=st.lists(NAMES, min_size=1, max_size=6), said=st.text(max_size=40))
def test_any_directory_answers_anything(names: list[str], said: str):
    """C1: whatever is listed, whatever is said: an answer that offers nobody twice, with scores that are scores."""
    matcher = Matcher(Directory([Community(f"{n}", name, "街", "区") for n, name in enumerate(names)]))
    for text in (said, *names):
        match = matcher.match(text)
        assert len({each.community.code for each in match.candidates}) == len(match.candidates)
        assert all(0 <= each.score <= 100 for each in match.candidates)


def test_traditional_and_simplified_are_one():
    """A recogniser, or the list itself, may write either."""
    mixed = Matcher(directory("長河花苑社區", "东門社区"))
    for said, name in (("銀杏社區", "银杏社区"), ("长河花苑", "長河花苑社區"), ("我住在東门社區", "东門社区")):
        match = mixed.match(said)
        assert (Decision.ACCEPT, name) == (match.decision, match.candidates[0].community.name)
