"""Which need was meant, when what was said is near one or two."""

import pytest

from ivr.flow import engine
from ivr.flow.steps import meant
from ivr.flow.types import Again, CallState, Heard, Keys, Say, Silence, go, onward
from tests.flow.builders import WORLD, keys, new_state, said

ONE = new_state("meant", near=("food",))
TWO = new_state("meant", near=("medicine", "transport"))
NEITHER = go("need", near=(), misses=1)


def test_what_is_near_a_need_is_asked_and_the_place_beside_it_kept():
    """Never a wrong certainty."""
    turn = engine.advance(new_state(), said("nearly sure"), WORLD)
    assert ("meant", None, ("food",), "0") == tuple(
        getattr(turn.state, name) for name in ("step", "need", "near", "community")
    )
    assert (Say("meant.ask", {"need": "food"}),) == turn.reply.says


def test_of_two_each_has_its_key():
    reply = meant.ask(TWO, WORLD)
    assert ["meant.which", "menu.choice", "menu.choice", "choose.none"] == keys(reply.says)
    assert "3" == reply.says[-1].values["digit"]


@pytest.mark.parametrize(
    ("here", "heard", "need"),
    [
        (ONE, Keys("1"), "food"), (ONE, said("yes"), "food"), (ONE, said("one"), "food"), (ONE, said("nearly"), "food"),
        (TWO, Keys("2"), "transport"), (TWO, said("second"), "transport"), (ONE, said("medicine"), "medicine"),
    ],
)  # fmt: skip
def test_yes_a_key_or_the_need_itself_settles_it(here: CallState, heard: Heard, need: str):
    assert onward(need=need, near=()) == meant.answer(here, heard, WORLD)


@pytest.mark.parametrize(
    ("here", "heard"), [(ONE, Keys("2")), (ONE, said("no")), (ONE, said("second")), (TWO, Keys("3"))]
)
def test_no_leads_back_to_the_question_and_counts_as_a_miss(here: CallState, heard: Heard):
    """Nobody is asked about guess after guess: the next one leads to the beep."""
    assert NEITHER == meant.answer(here, heard, WORLD)
    back = engine.advance(here, heard, WORLD).state
    assert "message" == engine.advance(back, said("nearly"), WORLD).state.step


@pytest.mark.parametrize("heard", [Silence(), said("gibberish"), Keys("7")])
def test_what_does_not_answer_is_asked_again(heard: Heard):
    assert Again((Say("yesno.sorry"),)) == meant.answer(ONE, heard, WORLD)
