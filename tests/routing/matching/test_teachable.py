"""What speaks against another name, and what does not."""

import pytest

from routing.matching import Matcher
from routing.matching.teachable import Doubt, objection
from tests.routing.builders import new_directory

GINKGO, PEONY = "330206002001", "330206002002"
MATCHER = Matcher(new_directory("银杏社区", "牡丹社区", "高塘村"))


@pytest.mark.parametrize("phrase", ["凤凰山庄", "迎新", "老鹰山小区", "银幸", "Vanke City", "Phoenix"])
def test_a_name_of_its_own_may_be_taught(phrase: str):
    """Also one that sounds like the community's own: the recogniser writes what it likes."""
    assert objection(phrase, GINKGO, MATCHER) is None


@pytest.mark.parametrize(
    ("phrase", "doubt"),
    [
        ("", Doubt.SHORT),
        ("社区", Doubt.SHORT),
        ("迎", Doubt.SHORT),
        ("Oak", Doubt.SHORT),
        ("😀😀", Doubt.SHORT),
        ("我家后面那个门口有一棵大树", Doubt.LONG),
        ("菜市场", Doubt.GENERIC),
        ("老菜场门口", Doubt.GENERIC),
        ("新碶街道", Doubt.GENERIC),
        ("新碶", Doubt.GENERIC),
        ("银杏社区", Doubt.KNOWN),
    ],
)
def test_what_is_no_name_is_refused(phrase: str, doubt: Doubt):
    against = objection(phrase, GINKGO, MATCHER)
    assert against is not None
    assert doubt == against.doubt


@pytest.mark.parametrize("phrase", ["牡丹", "牡丹社区", "母单", "高塘"])
def test_a_name_that_others_bear_is_refused_with_whose_it_is(phrase: str):
    """By sound: their callers would be sent here."""
    against = objection(phrase, GINKGO, MATCHER)
    assert against is not None
    assert Doubt.TAKEN == against.doubt
    assert GINKGO not in {community.code for community in against.others}
