"""What is told of a match: why it was decided so, and what of a name was heard as what."""

import pytest

from routing.directory import Directory
from routing.matching import Decision, Match, Matcher, evidence
from routing.matching.explain import Reason, Syllable, Why
from tests.routing.builders import new_community

NAMES = [("银杏社区", "新碶街道"), ("周隘陈村委会", "大碶街道"), ("高塘社区", "新碶街道")]


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(Directory(new_community(name, str(n), street) for n, (name, street) in enumerate(NAMES)))


@pytest.mark.parametrize(
    ("heard", "reason", "places"),
    [
        ("", Reason.SILENT, ()),
        ("今天天气很好", Reason.UNLIKE, ()),
        ("新碶街道", Reason.PLACE_ONLY, ("新碶街道",)),
        ("银杏", None, ()),
    ],
)
def test_a_rejection_says_why(matcher: Matcher, heard: str, reason: Reason | None, places: tuple[str, ...]):
    match = matcher.match(heard)
    assert (reason, places) == (match.reason, match.places)


def test_an_empty_directory_is_a_reason():
    assert Reason.EMPTY is Matcher(Directory([])).match("银杏").reason


def test_two_hearings_that_agree_are_a_reason(matcher: Matcher):
    asked = Match(Decision.CONFIRM, matcher.match("银杏").candidates[:1])

    assert Reason.TWICE is evidence.together(asked, evidence.kept(asked)).reason


@pytest.mark.parametrize(
    ("heard", "why"),
    [
        ("新碶街道银杏社区", Why("银杏", "新碶街道")),
        ("迎新", Why("银杏", unlike=(Syllable("银", "迎", "ying", "yin"), Syllable("杏", "新", "xin", "xing")))),
        ("周陈村", Why("周隘陈", unlike=(Syllable("隘"),))),
    ],
)
def test_a_candidate_says_what_was_heard_as_what(matcher: Matcher, heard: str, why: Why):
    """As written, heard as another, not heard, with and without a place."""
    assert why == matcher.match(heard).candidates[0].why
