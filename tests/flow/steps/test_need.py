"""What the caller needs."""

import pytest

from ivr.flow import engine
from ivr.flow.steps import need
from ivr.flow.types import Again, Go, Keys, Said, Say, Silence, onward
from routing import needs
from routing.speech.meaning import Meaning
from tests.flow.builders import ENGLISH, WORLD, keys, new_state, said


def test_the_menu_comes_after_the_invitation_to_talk_and_names_every_need():
    """Talk first; each need with its key; a person; the other language last, in its own words."""
    asked = need.ask(new_state(), ENGLISH)
    assert ["need.ask", *["menu.choice"] * len(needs.NEEDS), "menu.person", "language.offer"] == keys(asked.says)
    assert Say("language.offer", {"digit": "9"}, "en") == asked.says[-1]
    assert 1 == asked.digits


@pytest.mark.parametrize("row", needs.NEEDS, ids=lambda row: row.key)
def test_a_key_answers(row: needs.Need):
    assert onward(need=row.key) == need.answer(new_state(), Keys(row.digit), WORLD)


def test_the_first_need_that_was_named_counts():
    move = need.answer(new_state(), said("food and medicine"), WORLD)
    assert isinstance(move, Go)
    assert "food" == move.changes["need"]


@pytest.mark.parametrize("row", needs.NEEDS, ids=lambda row: row.key)
def test_a_key_may_be_said(row: needs.Need):
    """C10: 一, 按1 and 第一个 are the key 1; with a name in it, "one" is a part of that."""
    assert onward(need=row.key) == need.answer(new_state(), Said(Meaning(choice=int(row.digit))), WORLD)
    move = need.answer(new_state(), Said(Meaning("sure", choice=1)), WORLD)
    assert isinstance(move, Go)
    assert (None, "0") == (move.changes["need"], move.changes["community"])


def test_after_silence_the_menu_is_not_read_again():
    """C16: a word of encouragement; the second silence leads to the beep."""
    once = engine.advance(new_state(), Silence(), WORLD)
    assert (["need.silence"], 1) == (keys(once.reply.says), once.state.misses)
    assert ["silence.message"] == keys(engine.advance(once.state, Silence(), WORLD).reply.says)
    assert "menu.choice" in keys(engine.advance(once.state, Keys("*"), WORLD).reply.says)


def test_one_sentence_may_name_the_community_too():
    """Then that is not asked any more."""
    move = need.answer(new_state(), said("medicine sure"), WORLD)
    assert isinstance(move, Go)
    assert ("medicine", "0", True) == tuple(move.changes[name] for name in ("need", "community", "unconfirmed"))


def test_a_community_alone_is_kept_and_the_need_asked_again():
    """No miss: the caller said something that we need."""
    move = need.answer(new_state(), said("sure"), WORLD)
    assert isinstance(move, Go)
    assert (None, "0") == (move.changes["need"], move.changes["community"])


@pytest.mark.parametrize(
    ("heard", "words"),
    [(Keys("7"), "need.sorry"), (Keys("42"), "need.sorry"), (said("hm"), "need.sorry")],
)
def test_what_is_no_answer_is_asked_again_kindly(heard: Silence | Keys | Said, words: str):
    """A finger that slipped costs one gentle repetition, never the call."""
    move = need.answer(new_state(), heard, WORLD)
    assert isinstance(move, Again)
    assert ((Say(words),), True) == (move.says, move.miss)
