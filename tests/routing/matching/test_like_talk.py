"""Names that begin like the words before a name."""

import pytest

from routing.directory import Directory
from routing.matching import Decision, Matcher
from tests.routing.builders import new_community

LISTED = ("沃家村委会", "劳家埭村委会", "九市曲社区", "银杏社区", "五盟村委会")


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(Directory(new_community(name, str(n)) for n, name in enumerate(LISTED)))


@pytest.mark.parametrize(
    ("heard", "name"),
    [
        ("我家村", "沃家村委会"),
        ("老家埭村", "劳家埭村委会"),
        ("我住老家带村", "劳家埭村委会"),
        ("就是曲社区", "九市曲社区"),
    ],
)
def test_a_name_written_as_talk_is_heard(matcher, heard, name):
    """A recogniser knows 我家 and has never heard of 沃家."""
    match = matcher.match(heard)

    assert match.decision in (Decision.ACCEPT, Decision.CONFIRM)
    assert name == match.candidates[0].community.name


@pytest.mark.parametrize("heard", ["我家", "我家在海边", "我们村", "老家", "就是那个", "我老家远"])
def test_talk_is_no_name_for_that(matcher, heard):
    """Only what goes on as the name does is the beginning of it."""
    assert Decision.REJECT == matcher.match(heard).decision


def test_what_is_kept_of_it_survives_the_file(matcher, tmp_path):
    matcher.save(tmp_path / "list.index", "test")

    assert matcher.ranker.like_talk == Matcher.load(tmp_path / "list.index", "test").ranker.like_talk
    assert {"我家", "老家", "就是"} <= matcher.ranker.like_talk.keys()
