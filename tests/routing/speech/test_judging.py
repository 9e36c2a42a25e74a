"""What is taken, asked about or left when the words and the weights of a sentence agree or not."""

from dataclasses import dataclass

import pytest

from routing.speech.judging import EMERGENCY, NEED, NOTHING, STORY_CHARS, judged
from routing.speech.meaning import COUNTS, Emergency, Evidence, Meaning, Wish
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


@pytest.mark.parametrize("share", [1.0, 0.5, 0.25])
def test_what_the_words_found_stands_unless_the_weights_all_but_exclude_it(share: float):
    assert FOOD == judge(FOOD, food=share, nothing=1 - share)
    assert Meaning(emergency=FALL) == judge(Meaning(emergency=FALL), danger=share, nothing=1 - share)


def test_a_need_that_the_weights_exclude_is_asked_about_with_what_they_think():
    assert ("food",) == judge(FOOD, food=0.02, nothing=0.97).near
    doubtful = judge(FOOD, medicine=0.97, food=0.02)
    assert ((), ("medicine", "food")) == (doubtful.needs, doubtful.near)


def test_where_the_weights_are_surest_they_are_believed_against_the_words():
    assert (("medicine",), ()) == ((meaning := judge(FOOD, medicine=0.99)).needs, meaning.near)
    assert ((), ()) == ((meaning := judge(FOOD, nothing=0.99)).needs, meaning.near)
    denied = Meaning(why=(Evidence("饭", "need.food", "denied"),))
    assert ("food",) == judge(denied, food=0.99).needs


def test_of_two_needs_the_one_that_the_weights_are_for_comes_first():
    both = Meaning(needs=("food", "medicine"))
    assert ("medicine", "food") == judge(both, medicine=0.9, food=0.05).needs


@pytest.mark.parametrize("danger", [0.95, 0.6])
def test_a_danger_beside_a_need_is_asked_about_and_the_need_kept(danger: float):
    """我妈吃了降糖药没吃饭，现在叫她糊里糊涂的"""
    meaning = judge(FOOD, danger=danger, food=1 - danger)
    assert (("food",), FALL) == (meaning.needs, meaning.alarm)


def test_a_need_that_the_weights_exclude_is_not_kept_beside_a_danger():
    """我把消毒液当水喝下去了"""
    assert (("food",), FALL) == ((meaning := judge(FOOD, danger=0.9, food=0.03, nothing=0.07)).needs, meaning.alarm)
    assert ((), FALL) == ((meaning := judge(FOOD, danger=0.9, food=0.01, nothing=0.09)).needs, meaning.alarm)


def test_a_danger_that_the_weights_exclude_is_asked_about():
    told = Meaning(emergency=FALL, why=(Evidence("摔断了", "emergency.medical"),))
    doubtful = judge(told, nothing=0.98, danger=0.02)
    assert (None, FALL, True) == (doubtful.emergency, doubtful.alarm, doubtful.tells_of_danger)
    assert () == doubtful.needs
    assert ("food",) == judge(told, food=0.9, danger=0.05).needs


@pytest.mark.parametrize(
    ("share", "needs", "near"), [(0.9, ("food",), ()), (0.7, (), ("food",)), (0.5, (), ("food",)), (0.2, (), ())]
)
def test_a_need_that_no_word_names_is_taken_when_it_is_sure_and_else_asked_about(
    share: float, needs: tuple[str, ...], near: tuple[str, ...]
):
    meaning = judge(Meaning(), food=share, nothing=1 - share)
    assert (needs, near) == (meaning.needs, meaning.near)
    assert ["likely"] * len(needs) + ["perhaps"] * len(near) == [each.fate for each in meaning.why]
    assert () == meaning.by_words.needs


@pytest.mark.parametrize(("fate", "needs"), [("mentioned", ("food",)), ("denied", ()), ("past", ()), ("told", ())])
def test_a_word_that_names_the_need_makes_it_surer_and_one_that_refuses_it_keeps_it_from_being_taken(
    fate: str, needs: tuple[str, ...]
):
    heard = Meaning(why=(Evidence("饭", "need.food", fate),))
    assert needs == judge(heard, food=0.7, nothing=0.3).needs


def test_two_needs_that_are_near_are_both_asked_about():
    assert ("medicine", "food") == judge(Meaning(), food=0.4, medicine=0.5, nothing=0.1).near


@pytest.mark.parametrize(
    "meaning", [Meaning(answer=True), Meaning(wishes=frozenset({Wish.PERSON})), Meaning(unknown=True)]
)
def test_what_says_something_else_is_a_need_only_where_the_weights_are_surest(meaning: Meaning):
    """The tap drips, and I don't know what to do."""
    assert meaning == judge(meaning, food=0.97)
    assert ("food",) == judge(meaning, food=0.99).needs


@pytest.mark.parametrize(
    ("share", "taken", "asked"), [(0.95, FALL, None), (0.85, None, FALL), (0.6, None, FALL), (0.3, None, None)]
)
def test_danger_that_no_word_names_is_taken_when_it_is_surest_and_else_asked_about(
    share: float, taken: Emergency | None, asked: Emergency | None
):
    meaning = judge(Meaning(), danger=share, nothing=1 - share)
    assert (taken, asked) == (meaning.emergency, meaning.alarm)
    assert meaning.by_words.emergency is None


def test_danger_that_words_refuse_is_only_asked_about():
    feared = Meaning(why=(Evidence("着火", "emergency.fire", "feared"),))
    assert (None, FALL) == ((meaning := judge(feared, danger=0.99)).emergency, meaning.alarm)


def test_a_story_in_which_nobody_came_is_weighed_all_the_same():
    """没来 is said of a cook as well as of what was asked for."""
    assert ("food",) == judge(Meaning(wishes=frozenset({Wish.STATUS})), food=0.9).needs


@dataclass
class Bored(Sure):
    """Weights that hear nothing but talk in whatever is long."""

    def weigh(self, text: str, findings: object = ()) -> Opinion:
        return super().weigh(text) if len(text) < STORY_CHARS else Sure({NOTHING: 1.0}).weigh(text)


@pytest.mark.parametrize(("danger", "taken"), [(0.9, FALL), (0.05, None)])
def test_a_long_story_does_not_speak_against_the_danger_at_its_end(danger: float, taken: Emergency | None):
    """C6: The words around it do, when they are of one who tells what he saw on television."""
    found = Meaning(emergency=FALL, why=(Evidence("摔倒了", "emergency.medical", COUNTS),))
    bored = Bored({f"{EMERGENCY}medical": danger, NOTHING: 1 - danger})
    assert taken == judged(found, "今天早上的事情是这样的" * 20 + "我摔倒了", bored, DIAL).emergency
