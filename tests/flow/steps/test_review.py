"""The message is kept: say it again?"""

from dataclasses import replace

import pytest

from ivr.flow.steps import review
from ivr.flow.types import Again, Heard, Keys, Say, Silence, go
from tests.flow.builders import WORLD, keys, new_state, said

HERE = new_state("review", messages=1)


def test_it_is_a_short_question():
    asked = review.ask(HERE, WORLD)
    assert (["review.ask"], "review") == (keys(asked.says), asked.wait)


@pytest.mark.parametrize("heard", [Keys("2"), said("redo")])
def test_only_a_clear_wish_records_again(heard: Heard):
    assert go("message", unconfirmed=False) == review.answer(HERE, heard, WORLD)


@pytest.mark.parametrize("heard", [Silence(), Keys("7"), Keys("22"), said("thank you"), said("no")])
def test_everything_else_keeps_the_message(heard: Heard):
    assert go("goodbye") == review.answer(HERE, heard, WORLD)


@pytest.mark.parametrize("heard", [Keys("1"), said("hear")])
def test_the_message_is_played_on_a_key_or_a_word_and_the_question_asked_again(heard: Heard):
    """C22."""
    address = "https://hotline.example/voice/message/7"
    assert Again((Say("review.heard", {"message": address}),), miss=False) == review.answer(HERE, heard, WORLD)


def test_a_message_that_cannot_be_played_is_safe_all_the_same():
    world = replace(WORLD, message=lambda: None)
    assert Again((Say("review.later"),), miss=False) == review.answer(HERE, Keys("1"), world)


def test_who_has_recorded_often_enough_is_sent_on():
    assert go("goodbye") == review.answer(new_state("review", messages=review.MESSAGES), Keys("2"), WORLD)
