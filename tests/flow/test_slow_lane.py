"""The slow lane: a person first, then the ordinary questions; and how a call comes to count as failed."""

import pytest

from ivr.flow import engine
from ivr.flow.engine import advance
from ivr.flow.types import Ask, Bye, Keys, Message, Rang, Recorded, Ring, Silence, Speech
from tests.flow.builders import WORLD, WORLD_WITH_DUTY, call, keys, new_state

SLOW = new_state(slow=True)


def test_a_person_is_rung_before_any_question():
    """The greeting, that somebody is being found, and the ringing."""
    turn = engine.begin(SLOW, WORLD_WITH_DUTY)
    assert (Ring, ["greet", "person.ring"]) == (type(turn.reply), keys(turn.reply.says))
    assert not turn.state.wants_person, "nobody asked for one"


def test_without_anybody_on_duty_the_questions_come_at_once():
    """Never a promise of a person who cannot be rung."""
    assert engine.begin(new_state(), WORLD).reply == engine.begin(SLOW, WORLD).reply


def test_when_nobody_comes_the_ordinary_questions_are_asked():
    """Whoever then asks for a person has a right to one, once, like everybody else."""
    turn = advance(engine.begin(SLOW, WORLD_WITH_DUTY).state, Rang(taken=False), WORLD)
    assert ("need", "person.questions") == (turn.state.step, turn.reply.says[0].key)

    asked_for = advance(turn.state, Keys("0"), WORLD_WITH_DUTY)
    assert (Ring, True) == (type(asked_for.reply), asked_for.learned["wants_person"])
    nobody = advance(asked_for.state, Rang(taken=False), WORLD)
    assert (Message, "person.nobody") == (type(nobody.reply), nobody.reply.says[0].key)


def test_who_talked_to_a_person_is_on_a_ticket():
    """Though they neither pressed a key nor said a word to the line."""
    turn = call(WORLD_WITH_DUTY, Rang(taken=True), state=SLOW)
    assert (Bye, True, True) == (type(turn.reply), turn.learned["spoke"], turn.learned["talked"])


def test_the_pace_of_a_call_never_changes():
    """Whatever is heard: a caller who needs it slow needs it slow to the end."""
    turn = call(WORLD, Keys("1"), Speech("perhaps"), Keys("1"), Recorded(9), Silence(), state=SLOW)
    assert (Bye, True) == (type(turn.reply), turn.state.slow)


@pytest.mark.parametrize("misses", [(Silence(), Silence()), (Speech("gibberish"), Silence()), (Keys("7"), Keys("7"))])
def test_two_misses_in_a_row_make_a_call_that_failed(misses: tuple[Silence | Speech | Keys, ...]):
    """It went to the beep because nothing else helped."""
    assert call(WORLD, *misses).state.failed


@pytest.mark.parametrize(
    "heard",
    [
        (Silence(), Keys("1"), Silence()),
        (Keys("0"),),
        (Speech("fallen"),),
        (Keys("1"), Speech("unknown")),
        (Keys("1"), Keys("101"), Silence(), Silence()),
    ],
    ids=["one miss each", "asked for a person", "emergency", "does not know the community", "said nothing at the beep"],
)
def test_these_calls_have_not_failed(heard: tuple[Silence | Speech | Keys, ...]):
    """The caller was understood, or wanted the beep."""
    assert isinstance(call(WORLD, *heard).reply, Ask | Message | Bye)
    assert not call(WORLD, *heard).state.failed
