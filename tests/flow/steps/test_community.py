"""Which community the caller lives in."""

from dataclasses import replace

import pytest

from ivr.flow.places import confirmed, understood
from ivr.flow.steps import community
from ivr.flow.types import Again, Go, Keys, Move, Said, Say, Silence, go, onward
from routing.directory import Community, Directory
from routing.matching import Decision
from routing.speech.meaning import Meaning, SpokenNumber
from tests.flow.builders import WORLD, new_state, said

HERE = new_state("community", need="food")


def changes(move: Move) -> tuple[str | None, object, object]:
    """Where a move leads, the community it settles, and the ones it offers."""
    assert isinstance(move, Go)
    return move.step, move.changes.get("community"), move.changes.get("candidates")


def test_it_is_asked_until_it_is_known_or_nothing_is_asked_any_more():
    due = [community.due(state, WORLD) for state in (HERE, new_state(community="0"), new_state(hurry=True))]
    assert [True, False, False] == due


def test_the_number_on_the_leaflet():
    """Three keys; said back all the same, for a finger may slip."""
    assert 3 == community.ask(HERE, WORLD).digits
    assert onward(**understood("1")) == community.answer(HERE, Keys("101"), WORLD)


@pytest.mark.parametrize(
    ("name", "leads_to"),
    [
        ("sure", (None, "0", ())),
        ("perhaps", ("confirm", None, ("0",))),
        ("several", ("choose", None, ("1", "2"))),
        ("shared", ("street", None, ("0", "1"))),
    ],
)
def test_a_name_is_taken_confirmed_chosen_or_narrowed(name: str, leads_to: tuple[object, ...]):
    """As sure as the matcher is, and no surer."""
    assert leads_to == changes(community.answer(HERE, said(name), WORLD))


def test_what_was_refused_is_not_offered_again():
    """Of two that remain one is confirmed; of none, nothing is understood. A faint hearing is no clear word."""
    assert ("confirm", None, ("2",)) == changes(
        community.answer(new_state("community", refused=("1",)), said("several"), WORLD)
    )
    assert isinstance(community.answer(new_state("community", refused=("0",)), said("perhaps"), WORLD), Again)


def test_what_was_refused_and_is_said_again_clearly_is_taken_once():
    """C3: it was refused by mistake. Refused a second time, it stays refused."""
    move = community.answer(new_state("community", refused=("0", "1")), said("sure"), WORLD)
    assert isinstance(move, Go)
    assert ("0", ("1",), ("0",)) == tuple(move.changes[name] for name in ("community", "refused", "restored"))
    again = community.answer(new_state("community", refused=("0",), restored=("0",)), said("sure"), WORLD)
    assert isinstance(again, Again)


def test_a_name_counts_before_not_knowing():
    """C9: "I do not know which one it is, I live in …"."""
    assert (None, "0", ()) == changes(community.answer(HERE, said("unknown sure"), WORLD))
    assert ("confirm", None, ("0",)) == changes(community.answer(HERE, said("unknown perhaps"), WORLD))


def test_the_leaflets_number_may_be_said():
    """C10: 二零一 is as good as three keys; one that nobody has is told so."""
    assert onward(**understood("1")) == community.answer(HERE, said("101"), WORLD)
    move = community.answer(HERE, Said(Meaning("102 x", numbers=(SpokenNumber("999"),))), WORLD)
    assert isinstance(move, Again)
    assert (Say("community.no_number"),) == move.says


def test_the_leaflets_number_is_mentioned_where_there_is_one():
    """C17"""
    without = replace(WORLD, directory=Directory([Community("1", "place", "street", "")]))
    assert ["community.ask_or_key", "community.ask"] == [
        community.ask(HERE, world).says[0].key for world in (WORLD, without)
    ]


def test_who_does_not_know_it_is_recorded_all_the_same():
    """Staff will place the call."""
    move = community.answer(HERE, said("unknown"), WORLD)
    assert go("message", Say("silence.message"), match=move.match, hurry=True) == move


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        (Silence(), "community.silence"),
        (Keys("999"), "community.no_number"),
        (Keys("12"), "community.sorry"),
        (said("gibberish"), "community.sorry"),
    ],
)
def test_what_is_no_community_is_asked_again(heard: Silence | Keys | Said, words: str):
    move = community.answer(HERE, heard, WORLD)
    assert isinstance(move, Again)
    assert (Say(words),) == move.says


def test_the_match_is_kept_even_when_it_names_nothing():
    """The call log shows what the matcher thought."""
    move = community.answer(HERE, said("gibberish"), WORLD)
    assert move.match is not None
    assert Decision.REJECT == move.match.decision


def test_a_community_retired_in_mid_call_is_not_offered_by_key():
    """A directory swapped during the call is the one that counts."""
    empty = replace(WORLD, directory=Directory(()))
    assert isinstance(community.answer(HERE, Keys("101"), empty), Again)


def test_confirmed_is_more_than_understood():
    assert (False, True) == (confirmed("0")["unconfirmed"], understood("0")["unconfirmed"])
