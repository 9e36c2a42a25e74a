"""Whether somebody is in danger, when what was said may tell of it."""

from dataclasses import replace

import pytest

from ivr.flow import engine
from ivr.flow.types import Heard, Keys, Message, Said, Silence, Speech
from routing.speech.meaning import LIKELY, Emergency, Evidence, Meaning
from tests.flow.builders import WORLD, keys, new_state, said

HERE = new_state("danger", danger="120")
FALL = Emergency("medical", "120")
DOUBTFUL = Said(Meaning(needs=("food",), alarm=FALL, why=(Evidence("手摔断了", "emergency.medical"),)))
BY_WEIGHT = Meaning(emergency=FALL, why=(Evidence("掉河里", "emergency.medical", LIKELY),))


@pytest.mark.parametrize("heard", [Keys("1"), said("yes"), said("fallen"), said("dizzy"), Silence()])
def test_yes_and_silence_are_an_emergency(heard: Heard):
    """Who cannot speak any more is not asked again."""
    turn = engine.advance(HERE, heard, WORLD)
    assert (True, "message") == (turn.state.urgent, turn.state.step)
    assert isinstance(turn.reply, Message)
    assert "emergency.call" in keys(turn.reply.says)


@pytest.mark.parametrize("heard", [Keys("2"), said("no")])
def test_no_goes_on_and_is_not_asked_about_danger_again(heard: Heard):
    turn = engine.advance(HERE, heard, WORLD)
    assert (False, "need", "") == (turn.state.urgent, turn.state.step, turn.state.danger)
    assert "message" == engine.advance(turn.state, said("dizzy"), WORLD).state.step


def test_a_need_instead_of_an_answer_is_taken():
    assert "food" == engine.advance(HERE, said("food"), WORLD).state.need


def test_what_is_not_understood_twice_is_taken_for_danger():
    once = engine.advance(HERE, said("gibberish"), WORLD)
    assert ("danger", 1) == (once.state.step, once.state.misses)
    assert engine.advance(once.state, said("gibberish"), WORLD).state.urgent


@pytest.mark.parametrize(("step", "asked"), [("need", "danger"), ("returning", "danger"), ("community", "community")])
def test_it_is_asked_where_people_tell_what_happened(step: str, asked: str):
    """Elsewhere what sounds like danger is mostly a name."""
    state = new_state(step, open_ticket=1 if step == "returning" else None)
    assert asked == engine.advance(state, said("dizzy"), WORLD).state.step


def test_what_was_asked_for_in_the_same_breath_is_kept():
    """手摔断了没法做饭: no danger, but the food is still wanted."""
    asked = engine.advance(new_state("need"), DOUBTFUL, WORLD)
    assert ("danger", "food") == (asked.state.step, asked.state.need)
    safe = engine.advance(asked.state, Keys("2"), WORLD)
    assert ("food", 0, False) == (safe.state.need, safe.state.misses, safe.state.urgent)


@pytest.mark.parametrize(("step", "misses"), [("need", 1), ("community", 0)])
def test_a_doubtful_danger_that_words_tell_of_counts_where_nobody_can_be_asked(step: str, misses: int):
    assert engine.advance(new_state(step, misses=misses), DOUBTFUL, WORLD).state.urgent


def test_what_has_only_weight_counts_where_people_tell_what_happened():
    """Elsewhere a name is said, of which the weights know nothing."""
    world = replace(WORLD, read=lambda text: BY_WEIGHT)
    assert engine.advance(new_state("need"), Speech("掉河里"), world).state.urgent
    assert not engine.advance(new_state("community"), Speech("掉河里"), world).state.urgent
