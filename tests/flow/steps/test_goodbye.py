"""The last words."""

from dataclasses import replace

import pytest

from ivr.flow import engine
from ivr.flow.steps import goodbye
from ivr.flow.types import Bye, CallState, Keys, go
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


def test_a_cancelled_matter_is_promised_nothing():
    state = new_state(spoke=True, cancelled=True, joins=True)
    assert ["goodbye.cancelled", "goodbye.end"] == keys(goodbye.ask(state, WORLD).says)


PLACE = Community("7", "place 7", "street 7", "", phone="+8657455500107")
AT_PLACE = replace(WORLD, ticket="1001", directory=Directory([PLACE]))


def test_the_tickets_number_and_the_community_s_telephone_come_after_the_promise():
    """For those who stay on."""
    reply = goodbye.ask(new_state(spoke=True, community="7"), AT_PLACE)

    assert reply.last
    assert ["goodbye.ticket"] == keys(reply.says[-1:])
    assert ["goodbye.office", "goodbye.again"] == keys(reply.last.says)
    assert ["goodbye.end"] == keys(reply.end)
    assert ("1001", "+8657455500107") == (reply.says[-1].values["number"], reply.last.says[0].values["phone"])


def test_the_star_says_the_offices_number_again_and_nothing_else():
    """C20: once, and again for whoever asks, however often; then we hang up as before."""
    turn = engine.advance(new_state("goodbye", spoke=True, messages=1, community="7"), Keys("*"), AT_PLACE)
    for _ in range(2 * engine.REPEATS):
        turn = engine.advance(turn.state, Keys("*"), AT_PLACE)
        assert isinstance(turn.reply, Bye)
        assert turn.reply.last
        assert ([], ["goodbye.office", "goodbye.again"]) == (keys(turn.reply.says), keys(turn.reply.last.says))
    assert not turn.state.failed


def test_a_community_without_a_telephone_is_not_mentioned():
    assert "goodbye.office" not in keys(goodbye.ask(new_state(spoke=True, community="0"), WORLD).says)


def test_whatever_still_comes_hears_the_last_words_again():
    assert go("goodbye") == goodbye.answer(new_state("goodbye"), Keys("1"), WORLD)
