"""The last words."""

from dataclasses import replace

import pytest

from ivr.flow.steps import goodbye
from ivr.flow.types import CallState, Keys, go
from routing.directory import Community, Directory
from tests.flow.builders import WORLD, keys, new_state


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (new_state(spoke=True), ["goodbye.noted", "promise.hours", "goodbye.strange_number"]),
        (new_state(spoke=True, joins=True), ["goodbye.added", "promise.hours", "goodbye.strange_number"]),
        (new_state(spoke=True, talked=True), ["goodbye.talked"]),
        (new_state(), ["goodbye.silent"]),
    ],
)
def test_the_promise_comes_first_and_goodbye_last(state: CallState, words: list[str]):
    """Who talked to somebody needs no promise; who was not heard gets none."""
    assert [*words, "goodbye.end"] == keys(goodbye.ask(state, WORLD).says)


def test_the_tickets_number_and_the_community_s_telephone_come_after_the_promise():
    """For those who stay on."""
    place = Community("7", "place 7", "street 7", "", phone="+8657455500107")
    world = replace(WORLD, ticket="101", directory=Directory([place]))
    says = goodbye.ask(new_state(spoke=True, community="7"), world).says

    assert ["goodbye.ticket", "goodbye.office", "goodbye.end"] == keys(says[-3:])
    assert ("101", "+8657455500107") == (says[-3].values["number"], says[-2].values["phone"])


def test_a_community_without_a_telephone_is_not_mentioned():
    assert "goodbye.office" not in keys(goodbye.ask(new_state(spoke=True, community="0"), WORLD).says)


def test_whatever_still_comes_hears_the_last_words_again():
    assert go("goodbye") == goodbye.answer(new_state("goodbye"), Keys("1"), WORLD)
