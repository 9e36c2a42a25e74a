"""Everybody who could help is at it."""

from dataclasses import replace

import pytest

from ivr.flow.engine import advance
from ivr.flow.steps import waiting
from ivr.flow.steps.waiting import LONGEST
from ivr.flow.types import Keys, Message, Queue, Ring, Say, Silence, Speech, go
from tests.flow.builders import WORLD, WORLD_AT_IT, WORLD_WITH_DUTY, keys, new_state

HERE = new_state("waiting", wants_person=True, rung=True)
BUSY = replace(WORLD_AT_IT, queue=lambda: Queue(2, 6))


def test_they_hear_how_long_it_will_take():
    """As it is now; a caller whose number nobody knows cannot be called back."""
    assert Say("waiting.ahead", {"callers": "2"}) in waiting.ask(HERE, BUSY).says
    assert Say("waiting.time", {"minutes": "6"}) in waiting.ask(HERE, BUSY).says
    assert "waiting.next" in keys(waiting.ask(HERE, WORLD_AT_IT).says)
    offers = [keys(waiting.ask(HERE.but(withheld=each), BUSY).says) for each in (False, True)]
    assert [True, False] == ["waiting.call_back" in said for said in offers]


def test_in_between_a_word_is_enough():
    assert (Say("waiting.still"),) == waiting.ask(HERE.but(waits=1), BUSY).says


def test_one_keeps_the_place_and_two_leaves_a_message():
    """The message comes in either case: leaving the queue loses nothing."""
    kept, message = (advance(HERE, Keys(key), BUSY) for key in "12")
    assert (True, False) == (kept.state.keeps_place, message.state.keeps_place)
    assert (Message, Message) == (type(kept.reply), type(message.reply))
    assert not advance(HERE.but(withheld=True), Keys("1"), BUSY).state.keeps_place


@pytest.mark.parametrize("heard", [Silence(), Keys("0"), Keys("7"), Speech("person"), Speech("gibberish")])
def test_whatever_else_is_done_it_goes_on(heard: Silence | Keys | Speech):
    """A cheek against the keys, a cough: no miss, and no place lost."""
    turn = advance(HERE, heard, BUSY)
    assert ("waiting", 1, 0) == (turn.state.step, turn.state.waits, turn.state.misses)
    assert isinstance(advance(HERE, heard, WORLD_WITH_DUTY).reply, Ring)


def test_an_emergency_does_not_wait():
    turn = advance(HERE, Speech("fallen"), BUSY)
    assert (Message, True) == (type(turn.reply), turn.learned["urgent"])


def test_nobody_is_kept_for_ever():
    """Nor where the last of those who were on has gone."""
    beep = go("message", Say("person.nobody"), hurry=True)
    assert beep == waiting.answer(HERE.but(waits=LONGEST), Silence(), BUSY)
    assert beep == waiting.answer(HERE, Silence(), WORLD)
