"""The number to call back is read back, and can be corrected."""

import pytest

from ivr.flow import engine
from ivr.flow.steps import number
from ivr.flow.types import Heard, Keys, Said, Say, Silence, go, onward
from routing.speech.meaning import Meaning, SpokenNumber
from tests.flow.builders import WORLD, new_state, said

HERE = new_state("number", withheld=True, number_tries=1)
ANOTHER = Said(Meaning(answer=False, numbers=(SpokenNumber("13900000002"),)))


def test_it_is_read_back_as_soon_as_it_was_given():
    """C11: the number that goes to the ticket is the number that is heard."""
    turn = engine.advance(new_state("callback", withheld=True, need="food", community="0"), Keys("13912345678"), WORLD)
    assert ("number", (Say("number.ask", {"callback": "+8613912345678"}),)) == (turn.state.step, turn.reply.says)
    assert "+8613912345678" == turn.learned["callback"]


@pytest.mark.parametrize("heard", [Silence(), Keys("1"), Keys("7"), said("yes"), said("gibberish")])
def test_only_a_clear_no_changes_it(heard: Heard):
    assert onward(number_asked=True) == number.answer(HERE, heard, WORLD)


@pytest.mark.parametrize("heard", [Keys("2"), said("no")])
def test_a_wrong_number_is_taken_off_the_ticket_and_asked_for_again(heard: Heard):
    """C11: a stranger must not be rung."""
    assert go("callback", callback="") == number.answer(HERE, heard, WORLD)


def test_no_and_the_right_number_in_one_breath():
    assert go("number", callback="+8613900000002", number_tries=2) == number.answer(HERE, ANOTHER, WORLD)


def test_yes_beside_a_number_is_yes():
    """ "Yes, 138 ..." repeats it."""
    heard = Said(Meaning(answer=True, numbers=(SpokenNumber("13800000001"),)))
    assert onward(number_asked=True) == number.answer(HERE, heard, WORLD)


@pytest.mark.parametrize("heard", [Keys("2"), said("no"), ANOTHER])
def test_corrections_come_to_an_end(heard: Heard):
    """Without a number the line goes on; none is better than a wrong one."""
    state = new_state("number", withheld=True, number_tries=number.TRIES)
    assert onward(number_asked=True, callback="") == number.answer(state, heard, WORLD)
