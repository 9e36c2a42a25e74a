"""A caller whose matter is still open."""

from dataclasses import replace

import pytest

from ivr.flow import engine
from ivr.flow.steps import returning
from ivr.flow.types import Ask, Go, Heard, Keys, Recorded, Said, Silence, Speech, go, onward
from tests.flow.builders import ENGLISH, WORLD, keys, new_state, said

HERE = new_state("returning", open_ticket=1, open_need="medicine")


def test_it_is_asked_first_and_once():
    states = [HERE, new_state(), new_state(open_ticket=1, another_matter=True), new_state(open_ticket=1, joins=True)]
    assert [True, False, False, False] == [returning.due(state, WORLD) for state in states]


@pytest.mark.parametrize(("need", "spoken"), [("medicine", "medicine"), (None, "unknown"), ("other", "unknown")])
def test_the_matter_is_named_before_the_beep(need: str | None, spoken: str):
    """By its need alone, which no stranger learns anything from."""
    state = new_state("returning", open_ticket=1, open_need=need, standing="waiting")
    reply = returning.ask(state, replace(WORLD, languages={}))
    assert isinstance(reply.first, Ask)
    assert ["standing.waiting", "returning.ask"] == keys(reply.first.says)
    assert {"need": spoken} == reply.first.says[0].values


def test_the_first_question_offers_the_other_languages_whichever_it_is():
    """C15: whoever used another language before can still have theirs."""
    reply = returning.ask(HERE, ENGLISH)
    assert isinstance(reply.first, Ask)
    assert ("language.offer", "en") == (reply.first.says[-1].key, reply.first.says[-1].language)


@pytest.mark.parametrize("heard", [Keys("3"), said("cancel"), said("cancel medicine")])
def test_a_matter_that_is_not_needed_any_more_is_asked_about_once_more(heard: Heard):
    """C22."""
    assert go("cancel") == returning.answer(HERE, heard, WORLD)


@pytest.mark.parametrize("heard", [said("status"), said("status medicine")])
def test_who_asks_what_became_of_it_is_told_again(heard: Said):
    """C22: and only what is said then decides which ticket the call is about."""
    turn = engine.advance(HERE, Speech(heard.meaning.text), WORLD)
    assert ("returning", False, True) == (turn.state.step, turn.state.spoke, turn.state.undecided)
    assert engine.advance(turn.state, Recorded(5), WORLD).state.spoke


@pytest.mark.parametrize("heard", [Speech("hello"), Keys("9"), Keys("*")])
def test_nothing_is_decided_by_a_greeting_a_language_or_a_repetition(heard: Heard):
    """Such a caller once got a ticket of their own, and their addition went there."""
    turn = engine.advance(HERE, heard, WORLD)
    assert not {"spoke"} & set(turn.learned)


def test_two_is_another_matter():
    assert onward(another_matter=True) == returning.answer(HERE, Keys("2"), WORLD)


def test_another_need_in_words_is_another_matter_and_may_name_the_community():
    move = returning.answer(HERE, said("food sure"), WORLD)
    assert isinstance(move, Go)
    assert (True, "food", "0") == tuple(move.changes[name] for name in ("another_matter", "need", "community"))


@pytest.mark.parametrize("heard", [said("the medicine has not come"), said("hm"), Silence(), Keys("7")])
def test_whatever_else_belongs_to_the_open_one(heard: Heard):
    """Then the beep, and the addition joins the ticket."""
    assert go("message", hurry=True, joins=True) == returning.answer(HERE, heard, WORLD)


def test_who_waits_and_speaks_after_the_beep_has_added_something():
    assert go("review", messages=1, empties=0, joins=True) == returning.answer(HERE, Recorded(9), WORLD)
