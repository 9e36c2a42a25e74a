"""The duty number is ringing."""

from dataclasses import replace

from ivr.flow.steps import person
from ivr.flow.types import Keys, Rang, Ring, Say, go, onward
from tests.flow.builders import WORLD_WITH_DUTY, new_state

HERE = new_state("person", wants_person=True)
UNASKED = new_state("person", slow=True)


def test_the_caller_waits():
    assert Ring(()) == person.ask(HERE, WORLD_WITH_DUTY)


def test_who_talked_to_somebody_is_done():
    assert go("goodbye", talked=True, joins=False) == person.answer(HERE, Rang(taken=True), WORLD_WITH_DUTY)


def test_when_nobody_came_the_beep_comes():
    """Busy, no answer, a mailbox, or a request that says nothing of it."""
    for heard in (Rang(taken=False), Keys("1")):
        assert go("message", Say("person.nobody"), hurry=True) == person.answer(HERE, heard, WORLD_WITH_DUTY)


def test_when_nobody_came_and_there_is_a_message_already_that_is_enough():
    assert go("goodbye") == person.answer(replace(HERE, messages=1), Rang(taken=False), WORLD_WITH_DUTY)


def test_who_did_not_ask_for_a_person_is_asked_the_questions_when_nobody_came():
    """The slow lane rings before anything is known: there is no message to leave yet."""
    assert onward(Say("person.questions")) == person.answer(UNASKED, Rang(taken=False), WORLD_WITH_DUTY)


def test_what_the_slow_lane_says_to_a_person_belongs_to_the_open_matter():
    """Nothing was chosen, so nothing says that it is another one."""
    open_ticket = replace(UNASKED, open_ticket=7)
    assert person.answer(open_ticket, Rang(taken=True), WORLD_WITH_DUTY).changes["joins"]
    assert not person.answer(replace(open_ticket, wants_person=True), Rang(taken=True), WORLD_WITH_DUTY).changes[
        "joins"
    ]
