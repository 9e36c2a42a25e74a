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
    return judged(meaning, "", Sure({known[name]: share for name, share in shares.items()}), DIAL)


def test_what_the_words_found_stands():
    assert FOOD == judge(FOOD, medicine=0.99)
    assert Meaning(emergency=FALL) == judge(Meaning(emergency=FALL), nothing=0.99)


@pytest.mark.parametrize(("share", "near"), [(0.9, ("food",)), (0.5, ("food",)), (0.2, ())])
def test_a_need_that_no_word_names_is_asked_about_and_never_taken(share: float, near: tuple[str, ...]):
    meaning = judge(Meaning(), food=share, nothing=1 - share)
    assert ((), near, ["perhaps"] * len(near)) == (meaning.needs, meaning.near, [each.fate for each in meaning.why])


def test_two_needs_that_are_near_are_both_asked_about():
    assert ("medicine", "food") == judge(Meaning(), food=0.4, medicine=0.5, nothing=0.1).near


@pytest.mark.parametrize(
    "meaning", [Meaning(answer=True), Meaning(wishes=frozenset({Wish.PERSON})), Meaning(unknown=True)]
)
def test_what_says_something_else_is_no_need(meaning: Meaning):
    assert meaning == judge(meaning, food=0.99)


@pytest.mark.parametrize(("share", "asked"), [(0.9, FALL), (0.6, FALL), (0.3, None)])
def test_danger_that_no_word_names_is_asked_about_and_never_taken(share: float, asked: Emergency | None):
    meaning = judge(Meaning(), danger=share, nothing=1 - share)
    assert (None, asked) == (meaning.emergency, meaning.alarm)
