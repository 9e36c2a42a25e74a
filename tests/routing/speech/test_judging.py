"""What is taken, asked about or left when the words and the weights of a sentence agree or not."""

from dataclasses import dataclass

import pytest

from routing.speech.judging import EMERGENCY, NEED, NOTHING, judged
from routing.speech.meaning import Emergency, Evidence, Meaning, Wish
from routing.speech.weighing import Opinion

DIAL = {"medical": "120"}
FALL = Emergency("medical", "120")
FOOD = Meaning(needs=("food",), why=(Evidence("饭", "need.food"),))


@dataclass
class Sure:
    """Weights that hold one opinion of everything."""

    shares: dict[str, float]

    def weigh(self, text: str, findings: object = ()) -> Opinion:
        names = (f"{NEED}food", f"{NEED}medicine", f"{EMERGENCY}medical", NOTHING)
        return Opinion({name: self.shares.get(name, 0.0) for name in names}, ())


def judge(meaning: Meaning, **shares: float) -> Meaning:
    known = {"food": f"{NEED}food", "medicine": f"{NEED}medicine", "danger": f"{EMERGENCY}medical", "nothing": NOTHING}
    return judged(meaning, "", Sure({known[name]: share for name, share in shares.items()}), DIAL)  # type: ignore[arg-type]  # a stand-in


def test_what_both_hold_is_taken():
    assert FOOD == judge(FOOD, food=0.6, nothing=0.4)


@pytest.mark.parametrize(("share", "needs", "near"), [(0.9, ("food",), ()), (0.5, (), ("food",)), (0.2, (), ())])
def test_a_need_that_no_word_names_is_taken_asked_about_or_left(
    share: float, needs: tuple[str, ...], near: tuple[str, ...]
):
    meaning = judge(Meaning(), food=share, nothing=1 - share)
    assert (needs, near) == (meaning.needs, meaning.near)


def test_two_needs_that_are_near_are_both_asked_about():
    assert ("medicine", "food") == judge(Meaning(), food=0.4, medicine=0.5, nothing=0.1).near


def test_a_need_that_weighs_nothing_is_asked_about_with_the_one_that_does():
    """Never a wrong certainty."""
    meaning = judge(FOOD, medicine=0.95, food=0.02)
    assert ((), ("medicine", "food"), ["perhaps"]) == (meaning.needs, meaning.near, [each.fate for each in meaning.why])
    assert ("food",) == judge(FOOD, nothing=0.97).near


@pytest.mark.parametrize(
    "meaning", [Meaning(answer=True), Meaning(wishes=frozenset({Wish.PERSON})), Meaning(unknown=True)]
)
def test_what_says_something_else_is_no_need(meaning: Meaning):
    assert meaning == judge(meaning, food=0.99)


@pytest.mark.parametrize(("share", "taken", "asked"), [(0.9, FALL, None), (0.5, None, FALL), (0.1, None, None)])
def test_danger_that_no_word_names_is_taken_asked_about_or_left(
    share: float, taken: Emergency | None, asked: Emergency | None
):
    meaning = judge(Meaning(), danger=share, nothing=1 - share)
    assert (taken, asked) == (meaning.emergency, meaning.alarm)


def test_danger_by_a_word_alone_is_asked_about():
    told = Meaning(emergency=FALL)
    assert told == judge(told, danger=0.3, nothing=0.7)
    assert (None, FALL) == (judge(told, nothing=1.0).emergency, judge(told, nothing=1.0).alarm)
