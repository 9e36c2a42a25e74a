"""What staff are told of a match can be read back, so that a page says it in its own language."""

import pytest

from routing.directory import Directory
from routing.matching import Decision, Match, Matcher, evidence, explain
from routing.matching.explain import Reason, Why
from tests.routing.builders import new_community

NAMES = [("银杏社区", "新碶街道"), ("周隘陈村委会", "大碶街道"), ("高塘社区", "新碶街道")]


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(Directory(new_community(name, str(n), street) for n, (name, street) in enumerate(NAMES)))


@pytest.mark.parametrize(
    ("heard", "reason"),
    [("", (Reason.SILENT, "")), ("今天天气很好", (Reason.UNLIKE, "")), ("新碶街道", (Reason.PLACE_ONLY, "新碶街道"))],
)
def test_a_rejections_reason_is_read_back(matcher: Matcher, heard: str, reason: tuple[Reason, str]):
    assert reason == Reason.read(matcher.match(heard).reason)


def test_an_empty_directory_is_a_reason():
    assert (Reason.EMPTY, "") == Reason.read(Matcher(Directory([])).match("银杏").reason)


def test_two_hearings_that_agree_are_a_reason(matcher: Matcher):
    asked = Match(Decision.CONFIRM, matcher.match("银杏").candidates[:1])
    both = evidence.together(asked, evidence.kept(asked))

    assert (Reason.TWICE, "") == Reason.read(both.reason)


@pytest.mark.parametrize("text", ["", "it rained", "only  named", "ONLY 新碶街道 was named"])
def test_what_is_no_reason_is_none(text: str):
    assert Reason.read(text) is None


def test_a_why_is_read_back(matcher: Matcher):
    """As written, heard as another, not heard, with and without a place."""
    read = [explain.read(matcher.match(heard).candidates[0].why) for heard in ("新碶街道银杏社区", "迎新", "周陈村")]

    assert [
        Why("银杏", "新碶街道"),
        Why("银杏", parts=(("迎→银 ying/yin", True), ("新→杏 xin/xing", True))),
        Why("周隘陈", parts=(("隘", False),)),
    ] == read


@pytest.mark.parametrize("heard", ["gaotang", "Xinqi Street Gaotang", "高糖", "新七街道高唐", "周爱成村", "因性"])
def test_reading_a_why_loses_nothing(matcher: Matcher, heard: str):
    for candidate in matcher.match(heard).candidates:
        assert candidate.why == str(explain.read(candidate.why))


@pytest.mark.parametrize("text", ["", "迎→银 ying/yin", "新→春 xin/chun"])
def test_what_is_no_why_is_none(text: str):
    assert explain.read(text) is None
