"""Which of two or three communities it was."""

import pytest

from ivr.flow.places import confirmed
from ivr.flow.steps import choose
from ivr.flow.types import Again, Go, Keys, Said, Silence, onward
from routing.speech.meaning import LAST, Meaning
from tests.flow.builders import WORLD, keys, new_state, said

HERE = new_state("choose", candidates=("1", "2"))


def test_each_is_read_with_its_street_and_key_then_none_of_them():
    asked = choose.ask(HERE, WORLD)
    assert ["choose.ask", "choose.item", "choose.item", "choose.none"] == keys(asked.says)
    assert ["1", "2", "3"] == [say.values["digit"] for say in asked.says[1:]]
    assert "street 2" == asked.says[2].values["street"]


@pytest.mark.parametrize("heard", [Keys("2"), said("second"), Said(Meaning(choice=LAST))])
def test_one_is_chosen_by_key_or_in_words(heard: Keys | Said):
    assert onward(**confirmed("2")) == choose.answer(HERE, heard, WORLD)


@pytest.mark.parametrize("heard", [Keys("3"), said("no")])
def test_none_of_them_refuses_them_all(heard: Keys | Said):
    move = choose.answer(HERE, heard, WORLD)
    assert isinstance(move, Go)
    assert (None, ("1", "2")) == (move.step, move.changes["refused"])


def test_a_name_settles_it():
    """Who says a name instead of a number is understood too."""
    move = choose.answer(HERE, said("sure"), WORLD)
    assert isinstance(move, Go)
    assert "0" == move.changes["community"]


@pytest.mark.parametrize(
    "heard", [Silence(), Keys("0" * 9), Keys("4"), Keys("#"), Said(Meaning(choice=3)), said("hm"), said("several")]
)
def test_what_chooses_nothing_is_asked_again(heard: Silence | Keys | Said):
    """A third of two, the same two again: nothing is settled."""
    assert isinstance(choose.answer(HERE, heard, WORLD), Again)
