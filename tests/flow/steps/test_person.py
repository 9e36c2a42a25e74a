"""The duty number is ringing."""

from ivr.flow.steps import person
from ivr.flow.types import Keys, Rang, Ring, Say, go
from tests.flow.builders import WORLD_WITH_DUTY, new_state

HERE = new_state("person")


def test_the_caller_waits():
    assert Ring(()) == person.ask(HERE, WORLD_WITH_DUTY)


def test_who_talked_to_somebody_is_done():
    assert go("goodbye", talked=True) == person.answer(HERE, Rang(taken=True), WORLD_WITH_DUTY)


def test_when_nobody_came_the_beep_comes():
    """Busy, no answer, a mailbox, or a request that says nothing of it."""
    for heard in (Rang(taken=False), Keys("1")):
        assert go("message", Say("person.nobody"), hurry=True) == person.answer(HERE, heard, WORLD_WITH_DUTY)


def test_when_nobody_came_and_there_is_a_message_already_that_is_enough():
    assert go("goodbye") == person.answer(new_state("person", messages=1), Rang(taken=False), WORLD_WITH_DUTY)
