"""A withheld number: which may be called back?"""

import pytest

from ivr.flow.steps import callback
from ivr.flow.types import Keys, Said, Silence, onward
from tests.flow.builders import WORLD, new_state, said

HERE = new_state("callback", withheld=True)


def test_it_is_asked_once_and_only_when_the_number_is_withheld():
    states = [HERE, new_state(), new_state(withheld=True, number_asked=True), new_state(withheld=True, hurry=True)]
    assert [True, False, False, False] == [callback.due(state, WORLD) for state in states]


def test_any_number_of_keys_answers():
    """The hash key or a pause ends them."""
    assert None is callback.ask(HERE, WORLD).digits


@pytest.mark.parametrize(
    ("heard", "number"),
    [
        (Keys("13800000001"), "13800000001"),
        (said("13800000001"), "13800000001"),
        (Keys("86550001"), "86550001"),
    ],
)
def test_a_number_keyed_or_read_out_goes_to_the_ticket(heard: Keys | Said, number: str):
    assert onward(callback=number, number_asked=True) == callback.answer(HERE, heard, WORLD)


@pytest.mark.parametrize("heard", [Silence(), Keys("12"), Keys("1" * 16), said("gibberish"), said("perhaps")])
def test_without_a_number_the_call_goes_on(heard: Silence | Keys | Said):
    """No miss, no second question: the message may hold one."""
    assert onward(number_asked=True) == callback.answer(HERE, heard, WORLD)
