"""A matter that is not needed any more (C22)."""

import pytest

from ivr.flow import engine
from ivr.flow.steps import cancel
from ivr.flow.types import Again, Heard, Keys, Message, Say, Silence, Speech, go
from tests.flow.builders import WORLD, keys, new_state, said

HERE = new_state("cancel", open_ticket=1, open_need="medicine", standing="claimed")


def test_the_matter_is_named_and_a_key_confirms():
    reply = cancel.ask(HERE, WORLD)
    assert (("cancel.ask",), {"need": "medicine"}) == (tuple(keys(reply.says)), reply.says[0].values)


@pytest.mark.parametrize("heard", [Keys("1"), said("yes"), said("one"), said("cancel")])
def test_only_a_clear_yes_cancels(heard: Heard):
    """On the open ticket, which the call thereby comes to."""
    assert go("goodbye", cancelled=True, joins=True) == cancel.answer(HERE, heard, WORLD)


@pytest.mark.parametrize("heard", [Keys("2"), said("no"), said("second")])
def test_no_leads_back(heard: Heard):
    assert go("returning") == cancel.answer(HERE, heard, WORLD)


@pytest.mark.parametrize("heard", [Silence(), said("hm"), Keys("7")])
def test_what_is_unclear_is_asked_again_and_cancels_nothing(heard: Heard):
    assert Again((Say("yesno.sorry"),)) == cancel.answer(HERE, heard, WORLD)


@pytest.mark.parametrize("heard", [Silence(), Speech("hm")])
def test_who_is_not_understood_twice_adds_a_message(heard: Heard):
    turn = engine.advance(engine.advance(HERE, heard, WORLD).state, heard, WORLD)
    assert isinstance(turn.reply, Message)
    assert (True, False) == (turn.state.joins, turn.state.cancelled)


def test_a_question_is_no_ticket():
    """Pressing 3 by mistake, and hanging up, cancels nothing and opens nothing."""
    turn = engine.advance(new_state("returning", open_ticket=1, open_need="medicine"), Keys("3"), WORLD)
    assert ({}, True) == (dict(turn.learned), turn.state.undecided)
