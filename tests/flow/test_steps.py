"""What the steps declare to hear: of a step that says nothing, nobody learns anything."""

import pytest

from ivr.flow.steps import STEPS, hears
from ivr.flow.types import Ask, Hears, Keys, Message, Speech
from ivr.voice.conversation import MASKED, told
from routing.questions import About
from tests.flow.builders import WORLD, new_state

ABOUT = {
    "need": About.NEED,
    "meant": About.NEED,
    "danger": About.NEED,
    "community": About.COMMUNITY,
    "confirm": About.COMMUNITY,
    "choose": About.COMMUNITY,
    "street": About.COMMUNITY,
    "known": About.REMEMBERED,
    "returning": About.ADDITION,
    "cancel": About.ADDITION,
    "brief": About.NEED,
    "callback": About.NUMBER,
    "number": About.NUMBER,
    "waiting": About.WAITING,
    "message": About.MESSAGE,
    "pin": About.PIN,
    "staff": About.WORK,
    "task": About.WORK,
    "finish": About.WORK,
    "which": About.WORK,
    "review": About.MESSAGE,
    "rating": None,
}


@pytest.mark.parametrize("step", STEPS)
def test_every_question_says_what_it_is_about(step: str):
    """And what asks nothing, says nothing."""
    state = new_state(step, candidates=("0", "1"), near=("food",), known="0", known_by="caller")
    asks = isinstance(STEPS[step].ask(state, WORLD), Ask | Message)
    assert (ABOUT[step] if asks else None) is hears(step).about


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("heard", [Keys("13800000001"), Speech("一三八零零零零零零零一")])
def test_a_number_to_call_back_stands_in_no_log(step: str, heard: Keys | Speech):
    text = heard.digits if isinstance(heard, Keys) else heard.text
    private = hears(step).about in (None, About.NUMBER, About.PIN)
    assert (MASKED if private else text) == told(heard, step)["text"]


@pytest.mark.parametrize("step", ["a step of tomorrow", "goodbye"])
def test_what_is_not_declared_is_private(step: str):
    assert Hears(about=None, private=True) == hears(step)
