"""What stretches of a sentence weigh."""

import pytest

from routing.speech.weighing import LONGEST, Weights, features

TABLE = ["\tneed.food\tnothing", "\t0\t64", "饭\t128\t-128", "送饭\t64\t-64", "~alarm=\t0\t64", "soup\t128\t-128"]
WEIGHTS = Weights.of(TABLE)


def test_stretches_that_are_known_are_added_up():
    assert WEIGHTS
    opinion = WEIGHTS.weigh("送饭来")
    assert 0.9 < opinion.shares["need.food"]
    assert 1 == pytest.approx(sum(opinion.shares.values()))
    assert ("饭", "送饭") == opinion.reasons("need.food")
    assert (opinion.shares["need.food"], 1.0) == (opinion.of("need.food"), opinion.of("need.heating"))


def test_of_what_is_not_known_the_usual_is_said():
    assert WEIGHTS
    assert WEIGHTS.weigh("").shares == WEIGHTS.weigh("天气").shares
    assert "nothing" == max(WEIGHTS.weigh("天气").shares, key=WEIGHTS.weigh("天气").shares.__getitem__)


def test_what_the_lists_of_words_found_weighs_too():
    assert WEIGHTS
    assert WEIGHTS.weigh("饭", ["alarm="]).shares["nothing"] > WEIGHTS.weigh("饭").shares["nothing"]


def test_a_language_without_a_table_has_no_second_opinion():
    assert Weights.of(()) is None


@pytest.mark.parametrize(
    ("text", "some"),
    [
        ("送饭", {"送", "饭", "送饭", "^送饭", "送_^"}),
        ("hot soup", {"hot", "#<ho", "hot soup", "^ _ soup"}),
        ("12 !", set()),
    ],
)
def test_stretches_of_either_writing(text: str, some: set[str]):
    assert some <= set(features(text))
    assert len(set(features(text))) == len(features(text))


def test_only_the_beginning_of_a_long_text_is_weighed():
    assert "完" not in features("喂" * LONGEST + "完")
