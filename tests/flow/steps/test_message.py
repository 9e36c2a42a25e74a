"""The beep, and what comes back from it."""

import pytest

from ivr.flow.steps import message
from ivr.flow.types import Ask, CallState, Keys, Recorded, Say, Silence, go
from tests.flow.builders import WORLD, keys, new_state

SAID_BACK = new_state("message", community="1", unconfirmed=True)


def test_what_was_only_understood_is_said_back_to_keys_alone():
    """One second, no listening: the caller is already getting ready to speak."""
    first = message.ask(SAID_BACK, WORLD).first
    assert isinstance(first, Ask)
    assert (["community.taken"], "correction", False) == (keys(first.says), first.wait, first.speech)


@pytest.mark.parametrize(
    "state",
    [
        new_state("message"),
        new_state("message", community="1"),
        new_state("message", community="1", unconfirmed=True, hurry=True),
    ],
    ids=["unknown", "confirmed", "in a hurry"],
)
def test_else_nothing_stands_before_the_beep(state: CallState):
    assert None is message.ask(state, WORLD).first


def test_the_notice_is_short_when_what_to_say_has_just_been_said():
    notices = [message.ask(new_state("message", hurry=hurry), WORLD).notice for hurry in (False, True)]
    assert [Say("message.notice"), Say("message.beep")] == notices


def test_a_recording_leads_to_its_review():
    assert go("review", messages=1, empties=0) == message.answer(new_state("message"), Recorded(9), WORLD)


def test_in_an_emergency_it_leads_to_the_goodbye():
    move = message.answer(new_state("message", urgent=True), Recorded(9), WORLD)
    assert go("goodbye", messages=1, empties=0) == move


def test_an_empty_recording_may_be_a_message_all_the_same():
    """No length, or none yet: somebody calls back."""
    assert go("review", messages=1, empties=0) == message.answer(new_state("message"), Recorded(0), WORLD)


def test_two_corrects_what_was_said_back():
    """It is not offered again."""
    move = message.answer(SAID_BACK, Keys("2"), WORLD)
    assert ("community", None, ("1",)) == (move.step, move.changes["community"], move.changes["refused"])


@pytest.mark.parametrize("state", [SAID_BACK, new_state("message", hurry=True)])
def test_any_other_key_is_a_cheek_against_the_telephone(state: CallState):
    """The beep comes, at once and without the question."""
    assert go("message", unconfirmed=False) == message.answer(state, Keys("7"), WORLD)


def test_a_beep_without_a_word_is_tried_once_more_then_let_go():
    once = message.answer(new_state("message"), Silence(), WORLD)
    assert go("message", Say("message.empty"), empties=1, unconfirmed=False) == once
    assert go("goodbye") == message.answer(new_state("message", empties=1), Silence(), WORLD)
