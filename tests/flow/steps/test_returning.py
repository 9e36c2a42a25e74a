"""A caller whose matter is still open."""

import pytest

from ivr.flow.steps import returning
from ivr.flow.types import Ask, Go, Heard, Keys, Recorded, Silence, go, onward
from tests.flow.builders import WORLD, keys, new_state, said

HERE = new_state("returning", open_ticket=1, open_need="medicine")


def test_it_is_asked_first_and_once():
    states = [HERE, new_state(), new_state(open_ticket=1, another_matter=True), new_state(open_ticket=1, joins=True)]
    assert [True, False, False, False] == [returning.due(state, WORLD) for state in states]


@pytest.mark.parametrize(("need", "spoken"), [("medicine", "medicine"), (None, "unknown")])
def test_the_matter_is_named_before_the_beep(need: str | None, spoken: str):
    """By its need alone, which no stranger learns anything from."""
    reply = returning.ask(new_state("returning", open_ticket=1, open_need=need), WORLD)
    assert isinstance(reply.first, Ask)
    assert (["returning.ask"], {"need": spoken}) == (keys(reply.first.says), reply.first.says[0].values)


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
