"""Measuring the matcher on labelled utterances."""

import pytest

from routing.matching import Matcher
from routing.tuning import evaluate
from tests.routing.builders import new_directory

LINES = """\
{"directory": "street", "heard": "银杏社区", "truth": ["330206002001"], "kind": "clean"}
{"directory": "street", "heard": "高塘", "truth": ["330206002002", "330206002003"], "kind": "shared"}

{"directory": "street", "heard": "今天天气很好", "truth": [], "kind": "sentence"}
{"directory": "street", "heard": "红梅社区", "truth": ["330206002001"], "kind": "mislabelled"}
{"directory": "other", "heard": "银杏社区", "truth": []}
"""


def test_each_metric_counts_the_queries_it_is_about(tmp_path):
    """One right answer, several, none: the shares are of those queries alone; a wrong label is a wrong accept."""
    (tmp_path / "queries.jsonl").write_text(LINES, "utf-8")
    matcher = Matcher(new_directory("银杏社区", "高塘社区", "高塘村委会", "红梅社区"))

    tallies = evaluate.evaluate(matcher.match, evaluate.read(tmp_path / "queries.jsonl", "street"))

    assert {
        "top1": 0.5,
        "top3": 0.5,
        "accepted right": 0.5,
        "solved": 0.5,
        "wrong accept": pytest.approx(1 / 3),
        "shared handled": 1,
        "OOD accept": 0,
        "OOD reject": 1,
    } == tallies["all"].shares()
    assert ["红梅社区"] == [query.heard for query, _ in tallies["all"].misses]
    assert "| sentence | 1 |  |  |  |  |  |  | 0.0000 | 1.0000 |" in evaluate.table(tallies).splitlines()


@pytest.mark.parametrize("line", ["{", '{"heard": "x"}', "[]", '{"heard": "x", "truth": 3}'])
def test_a_line_that_is_no_query_is_named(tmp_path, line):
    (tmp_path / "queries.jsonl").write_text(LINES + line, "utf-8")

    with pytest.raises(ValueError, match="line 7 is no query"):
        evaluate.read(tmp_path / "queries.jsonl")
