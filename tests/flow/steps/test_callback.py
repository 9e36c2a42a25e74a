"""A withheld number: which may be called back?"""

from dataclasses import replace

import pytest

from ivr.flow.steps import callback
from ivr.flow.types import Keys, Said, Say, Silence, go, onward
from routing.speech.meaning import Meaning, SpokenNumber
from tests.flow.builders import WORLD, new_state, said

HERE = new_state("callback", withheld=True)
RIGHT = go("number", callback="+8613800000001", number_tries=1)


def numbers(*digits: str) -> Said:
    """A sentence in which these numbers were read out."""
    return Said(Meaning(numbers=tuple(map(SpokenNumber, digits))))


def test_it_is_asked_once_and_only_when_the_number_is_withheld():
    states = [HERE, new_state(), new_state(withheld=True, number_asked=True), new_state(withheld=True, hurry=True)]
    assert [True, False, False, False] == [callback.due(state, WORLD) for state in states]


def test_any_number_of_keys_answers():
    """The hash key or a pause ends them."""
    assert None is callback.ask(HERE, WORLD).digits


@pytest.mark.parametrize(
    "heard",
    [
        Keys("13800000001"),
        Keys("13800000001#"),
        said("13800000001"),
        numbers("13800000001", "13800000001"),
        numbers("1380000", "13800000001"),
    ],
)
def test_a_number_keyed_or_read_out_goes_to_the_ticket_and_is_read_back(heard: Keys | Said):
    """C11: said twice it is one number, and of two the possible one."""
    assert RIGHT == callback.answer(HERE, heard, WORLD)


@pytest.mark.parametrize("heard", [Keys("1381234567"), numbers("1381234567")])
def test_an_impossible_number_is_read_back_and_asked_for_once_more(heard: Keys | Said):
    """C11: a digit was lost; the second time the line goes on, the message may hold one."""
    once = callback.answer(HERE, heard, WORLD)
    assert go("callback", Say("callback.impossible", {"callback": "1381234567"}), number_tries=1) == once
    assert onward(number_asked=True) == callback.answer(new_state(withheld=True, number_tries=1), heard, WORLD)


def test_the_area_is_that_of_the_community():
    """C11: the numbering plan is asked with the community that is known by now."""
    asked = []

    def number(digits: str, community: str | None) -> str | None:
        asked.append((digits, community))
        return "+8657486551234"

    state = new_state("callback", withheld=True, community="0")
    assert "+8657486551234" == callback.answer(state, Keys("86551234"), replace(WORLD, number=number)).callback
    assert [("86551234", "0")] == asked


@pytest.mark.parametrize("heard", [Silence(), Keys("#"), said("gibberish"), said("perhaps")])
def test_without_a_number_the_call_goes_on(heard: Silence | Keys | Said):
    """No miss, no second question: the message may hold one."""
    assert onward(number_asked=True) == callback.answer(HERE, heard, WORLD)
