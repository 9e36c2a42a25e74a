"""Somebody's telephone is ringing."""

from dataclasses import replace

from ivr.flow.steps import person
from ivr.flow.steps.person import ROUNDS
from ivr.flow.types import Keys, Rang, Ring, Say, go, onward
from tests.flow.builders import WORLD, WORLD_AT_IT, WORLD_WITH_DUTY, new_state

HERE = new_state("person", wants_person=True)
UNASKED = new_state("person", slow=True)


def test_the_caller_waits():
    assert Ring((Say("person.ring"),)) == person.ask(HERE, WORLD_WITH_DUTY)


def test_who_talked_to_somebody_is_done():
    assert go("goodbye", talked=True, joins=False) == person.answer(HERE, Rang(taken=True), WORLD_WITH_DUTY)


def test_when_nobody_came_the_beep_comes():
    """Busy, no answer, a mailbox, or a request that says nothing of it; and nobody else is there to be rung."""
    for heard in (Rang(taken=False), Keys("1")):
        assert go("message", Say("person.nobody"), hurry=True) == person.answer(HERE, heard, WORLD)


def test_when_nobody_came_and_there_is_a_message_already_that_is_enough():
    assert go("goodbye") == person.answer(HERE.but(messages=1), Rang(taken=False), WORLD)


def test_who_did_not_ask_for_a_person_is_asked_the_questions_when_nobody_came():
    """The slow lane rings before anything is known: there is no message to leave yet."""
    assert onward(Say("person.questions")) == person.answer(UNASKED, Rang(taken=False), WORLD)


def test_what_the_slow_lane_says_to_a_person_belongs_to_the_open_matter():
    """Nothing was chosen, so nothing says that it is another one."""
    open_ticket = UNASKED.but(open_ticket=7)
    assert person.answer(open_ticket, Rang(taken=True), WORLD).changes["joins"]
    assert not person.answer(open_ticket.but(wants_person=True), Rang(taken=True), WORLD).changes["joins"]


def test_somebody_else_is_rung_but_not_for_ever():
    """Three more telephones at most."""
    assert go("person", rings=1) == person.answer(HERE, Rang(taken=False), WORLD_WITH_DUTY)
    tired = person.answer(HERE.but(rings=ROUNDS), Rang(taken=False), WORLD_WITH_DUTY)
    assert go("message", Say("person.nobody"), hurry=True) == tired


def test_where_the_others_are_all_at_it_the_caller_waits_unless_it_is_urgent():
    assert go("waiting", rings=1) == person.answer(HERE, Rang(taken=False), WORLD_AT_IT)
    urgent = person.answer(HERE.but(urgent=True), Rang(taken=False), WORLD_AT_IT)
    assert go("message", Say("person.nobody"), hurry=True) == urgent


def test_a_person_is_offered_where_the_hotline_answers_live():
    """After the questions, once, and never in a hurry."""
    live = replace(WORLD_WITH_DUTY, live=True)
    asked = new_state("community", need="food", community="0")
    assert person.due(asked, live)
    assert not person.due(asked, WORLD_WITH_DUTY)
    assert not any(person.due(asked.but(**{why: True}), live) for why in ("rung", "hurry", "urgent"))
    assert go("message", Say("person.nobody"), hurry=True) == person.answer(asked, Rang(taken=False), WORLD)
