"""Was it this community? Asked of a guess, and of the one that is known already."""

import pytest

from ivr.flow import engine
from ivr.flow.places import confirmed
from ivr.flow.steps import confirm, known
from ivr.flow.types import Again, CallState, Go, Heard, Keys, Move, Said, Say, Silence, Turn
from routing.speech.meaning import Meaning
from tests.flow.builders import WORLD, keys, new_state, said

GUESSED = new_state("confirm", candidates=("0",))
REMEMBERED = new_state("known", known="0", known_by="caller")


def answered(state: CallState, heard: Silence | Keys | Said) -> Move:
    return (confirm if state.step == "confirm" else known).answer(state, heard, WORLD)


def test_the_guess_is_read_with_its_street():
    """Two places of one name are told apart."""
    assert (Say("confirm.ask", {"name": "place 0", "street": "street 0"}),) == confirm.ask(GUESSED, WORLD).says


@pytest.mark.parametrize("by", ["caller", "dialled"])
def test_what_is_known_is_confirmed_in_words_of_its_own(by: str):
    assert [f"known.{by}"] == keys(known.ask(new_state("known", known="0", known_by=by), WORLD).says)


def test_a_retired_community_is_named_by_its_code():
    """It left the directory in mid-call; the call goes on."""
    assert "gone" == confirm.ask(new_state("confirm", candidates=("gone",)), WORLD).says[0].values["name"]


def test_what_is_known_is_asked_once():
    """Not when it was refused, not when the community is settled, not in a hurry, not when nothing is known."""
    states = [REMEMBERED, new_state(known="0", refused=("0",)), new_state(known="0", community="1"),
              new_state(known="0", hurry=True), new_state()]  # fmt: skip
    assert [True, False, False, False, False] == [known.due(state, WORLD) for state in states]


@pytest.mark.parametrize("state", [GUESSED, REMEMBERED], ids=["guessed", "remembered"])
@pytest.mark.parametrize("heard", [Keys("1"), said("yes")])
def test_yes_settles_it(state: CallState, heard: Keys | Said):
    """By key or in words, and it is not said back any more."""
    move = answered(state, heard)
    assert isinstance(move, Go)
    assert (None, confirmed("0")) == (move.step, move.changes)


@pytest.mark.parametrize("state", [GUESSED, REMEMBERED], ids=["guessed", "remembered"])
@pytest.mark.parametrize("heard", [Keys("2"), said("no")])
def test_no_refuses_it(state: CallState, heard: Keys | Said):
    """The next question is asked; this community is not offered again."""
    move = answered(state, heard)
    assert isinstance(move, Go)
    assert (None, None, ("0",)) == (move.step, move.changes["community"], move.changes["refused"])


def call_on(state: CallState, *heard: Heard) -> Turn:
    """The call, some answers later."""
    for each in heard:
        turn = engine.advance(state, each, WORLD)
        state = turn.state
    return turn


@pytest.mark.parametrize(("by", "other"), [("caller", True), ("dialled", False)])
def test_refusing_the_memory_may_mean_somebody_else(by: str, other: bool):
    """A caller who rings for a parent: the ticket is no memory of theirs. A dialled number is no memory."""
    turn = call_on(new_state("known", known="0", known_by=by, need="food"), Keys("2"), Keys("101"))
    assert ("1", other) == (turn.state.community, turn.state.for_another)


def test_a_refusal_by_mistake_makes_the_call_nobody_elses():
    """C3: "没有错" was heard as no; the same name follows, and is taken."""
    turn = call_on(REMEMBERED.but(need="food"), said("no"), said("sure"))
    assert ("0", (), False) == (turn.state.community, turn.state.refused, turn.state.for_another)
    assert "for_another" not in turn.learned


@pytest.mark.parametrize(("choice", "community"), [(1, "0"), (2, None)])
@pytest.mark.parametrize("state", [GUESSED, REMEMBERED], ids=["guessed", "remembered"])
def test_a_key_may_be_said(state: CallState, choice: int, community: str | None):
    """C10: 一 is yes, 按2 is no."""
    move = answered(state, Said(Meaning(choice=choice)))
    assert isinstance(move, Go)
    assert community == move.changes["community"]


def test_no_and_the_right_name_in_one_breath():
    """Refused and settled at once."""
    move = known.answer(new_state("known", known="1", known_by="caller"), said("no sure"), WORLD)
    assert isinstance(move, Go)
    assert ("0", ("1",)) == (move.changes["community"], move.changes["refused"])


def test_no_and_the_refused_name_in_one_breath_refuses_it():
    """ "No, not …": the name beside the no is the one that was asked about."""
    move = answered(REMEMBERED, said("no sure"))
    assert isinstance(move, Go)
    assert (None, ("0",)) == (move.changes["community"], move.changes["refused"])


def test_another_name_instead_of_yes_or_no():
    """Whoever answers with a name means it."""
    move = confirm.answer(new_state("confirm", candidates=("1",)), said("sure"), WORLD)
    assert isinstance(move, Go)
    assert "0" == move.changes["community"]


def test_the_same_guess_again_has_settled_nothing():
    """Heard a second time as the same 'perhaps', it counts as a miss, else the question would come for ever."""
    assert isinstance(confirm.answer(GUESSED, said("perhaps"), WORLD), Again)


@pytest.mark.parametrize("state", [GUESSED, REMEMBERED], ids=["guessed", "remembered"])
@pytest.mark.parametrize("heard", [Silence(), Keys("7"), Keys("11"), said("gibberish")])
def test_what_is_neither_is_asked_again(state: CallState, heard: Silence | Keys | Said):
    move = answered(state, heard)
    assert isinstance(move, Again)
    assert ((Say("yesno.sorry"),), True) == (move.says, move.miss)
