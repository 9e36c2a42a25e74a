"""After a talk with a person: one key says how it was, and nothing else is made of whatever is heard."""

from dataclasses import replace

import pytest

from ivr.flow import engine
from ivr.flow.steps import hears
from ivr.flow.types import Ask, Bye, Heard, Keys, Rang, Recorded, Silence, World
from tests.flow.builders import WORLD, WORLD_WITH_DUTY, keys, new_state, said

RATED = replace(WORLD_WITH_DUTY, rates=True)
TALKED = new_state("rating", spoke=True, talked=True, wants_person=True, rung=True)


def test_who_spoke_with_a_person_is_asked_by_keys_alone():
    turn = engine.advance(new_state("person", wants_person=True, rung=True), Rang(taken=True), RATED)
    assert ("rating", True) == (turn.state.step, turn.learned["talked"])
    assert isinstance(turn.reply, Ask)
    assert not turn.reply.speech


@pytest.mark.parametrize(("facts", "world"), [({"urgent": True}, RATED), ({}, WORLD_WITH_DUTY)])
def test_not_in_an_emergency_nor_where_nobody_wants_to_know(facts: dict[str, bool], world: World):
    state = new_state("person", wants_person=True, rung=True, **facts)
    assert "goodbye" == engine.advance(state, Rang(taken=True), world).state.step


@pytest.mark.parametrize(
    ("heard", "rated"), [(Keys("1"), "good"), (Keys("2"), "bad"), (Keys("7"), ""), (Silence(), ""), (said("yes"), "")]
)
def test_one_answer_and_the_last_words(heard: Heard, rated: str):
    turn = engine.advance(TALKED, heard, WORLD)
    assert ("goodbye", rated) == (turn.state.step, turn.state.rated)
    assert isinstance(turn.reply, Bye)
    assert ("rating.thanks" in keys(turn.reply.says)) is bool(rated)
    assert "rated" not in turn.learned, "a ticket's fields are read by everybody who has it"


def test_no_log_keeps_the_key_and_who_hangs_up_there_has_spoken_with_a_person():
    assert hears("rating").private
    assert ("person", None) == engine.hung_up(TALKED)


def test_the_star_says_it_again_and_a_late_recording_is_a_message():
    assert "rating" == engine.advance(TALKED, Keys("*"), WORLD).state.step
    assert 1 == engine.advance(TALKED, Recorded(3), WORLD).state.messages
