"""Trying thresholds on labelled utterances, and keeping what was chosen."""

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from routing.matching import Matcher
from routing.matching.weights import shipped
from routing.tuning import calibrate
from routing.tuning.calibrate import Setting
from routing.tuning.evaluate import Query, Tally, evaluate
from tests.routing.builders import new_directory

GINKGO, PLUM = "330206002001", "330206002002"
QUERIES = [
    Query("银杏社区", frozenset({GINKGO})),
    Query("迎新社区", frozenset({GINKGO})),
    Query("红眉社区", frozenset({PLUM})),
    Query("银星村", frozenset()),
    Query("今天天气很好", frozenset()),
]
TODAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(new_directory("银杏社区", "红梅社区", "高塘村"))


def setting(right: int, wrong: int, cost: float = 0.1) -> Setting:
    limits = replace(shipped().decide, accept_cost=cost, accept_margin=0.2)
    return Setting(limits, Tally(single=100, accepted_right=right, solved=right, wrong=wrong))


def tried(matcher: Matcher, grid: dict[str, list[float]]) -> list[Setting]:
    return calibrate.try_all(matcher, calibrate.rank(matcher, QUERIES), matcher.weights.decide, grid)


def test_the_thresholds_in_force_come_first_and_do_what_the_matcher_does(matcher: Matcher):
    """The shortcut of ranking once changes no result."""
    first = tried(matcher, {})[0]

    tally = evaluate(matcher.match, QUERIES)["all"]
    tally.misses.clear()
    assert (matcher.weights.decide, tally) == (first.limits, first.tally)


def test_stricter_thresholds_never_take_more_callers(matcher: Matcher):
    """At the same margin, a lower cost accepts a subset."""
    settings = tried(matcher, {"accept_cost": [0.06, 0.12, 0.2], "accept_margin": [0.2, 0.3]})[1:]
    by_margin: dict[float, list[int]] = {}
    for each in settings:
        by_margin.setdefault(each.limits.accept_margin, []).append(each.tally.accepted_right)

    assert all(taken == sorted(taken) for taken in by_margin.values())


def test_what_rejects_more_asks_fewer_in_vain(matcher: Matcher):
    """The thresholds of asking do not change who is taken right."""
    settings = tried(matcher, {"reject_cost": [0.1, 0.3, 0.6]})[1:]

    assert sorted(each.in_vain for each in settings) == [each.in_vain for each in settings]
    assert sorted(each.solved for each in settings) == [each.solved for each in settings]
    assert 1 == len({each.right for each in settings})


def test_the_frontier_holds_what_no_other_beats():
    """Each takes more callers right than those that take fewer wrong."""
    settings = [setting(50, 0), setting(40, 0), setting(60, 2), setting(55, 2), setting(60, 3), setting(70, 4)]

    assert [(0.5, 0), (0.6, 0.02), (0.7, 0.04)] == [(s.right, s.wrong) for s in calibrate.frontier(settings)]


@pytest.mark.parametrize(("most_wrong", "right"), [(0, 0.5), (0.03, 0.6), (1, 0.7)])
def test_chosen_is_the_most_right_with_so_few_wrong(most_wrong: float, right: float):
    chosen = calibrate.choose([setting(50, 0), setting(60, 2), setting(70, 4)], most_wrong)

    assert chosen is not None
    assert right == chosen.right


def test_when_all_take_too_many_wrong_none_is_chosen():
    assert calibrate.choose([setting(50, 3)], 0.02) is None


def test_what_was_chosen_is_written_with_its_origin(tmp_path: Path):
    """Comments and the other weights stay; a second run replaces the first one's line."""
    path = tmp_path / "matching.toml"
    path.write_text(calibrate.THRESHOLDS.read_text("utf-8"), "utf-8")
    calibrate.write(setting(50, 0, cost=0.12), "first.jsonl", TODAY, path)
    calibrate.write(setting(60, 2, cost=0.2), "real.jsonl", TODAY, path)

    text = path.read_text("utf-8")
    before = tomllib.loads(calibrate.THRESHOLDS.read_text("utf-8"))
    before["decide"] |= {"accept_cost": 0.2, "accept_margin": 0.2}
    assert before == tomllib.loads(text)
    shares = "accepted right 0.600, wrong 0.0200, solved 0.600"
    assert f"# Calibrated 2026-03-01 on 100 utterances of real.jsonl: {shares}\n" in text
    assert "first.jsonl" not in text
    assert shipped().decide.reject_cost == tomllib.loads(text)["decide"]["reject_cost"]


def test_a_file_without_thresholds_is_left_alone(tmp_path: Path):
    path = tmp_path / "other.toml"
    path.write_text("[decide]\n", "utf-8")

    with pytest.raises(ValueError, match="no line accept_cost"):
        calibrate.write(setting(50, 0), "real.jsonl", TODAY, path)
    assert "[decide]\n" == path.read_text("utf-8")
