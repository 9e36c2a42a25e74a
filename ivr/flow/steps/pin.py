"""A member of staff rings: is it they? Their PIN, by keys alone."""

from ivr.flow.steps import person
from ivr.flow.types import (
    Act,
    Again,
    Ask,
    CallState,
    Deed,
    Did,
    Heard,
    Hears,
    Keys,
    Move,
    Result,
    Say,
    World,
    go,
    onward,
)
from routing.questions import About

HEARS = Hears(About.PIN)
DIGITS = 6


def ask(state: CallState, world: World) -> Ask:
    return Ask((Say("pin.ask"),), digits=DIGITS, wait="number", speech=False)


def deed(state: CallState, heard: Heard) -> Act | None:
    match heard:
        case Keys(digits) if digits.isdecimal() and len(digits) == DIGITS:
            return Act(Deed.ENTER, digits)
    return None


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """Who has no right PIN is a caller like any other: asked what they need, or recorded when they say nothing."""
    match heard:
        case Did(Deed.ENTER, Result.DONE):
            return go("staff", Say("pin.right"), staff=True)
        case Did(Deed.ENTER, Result.LOCKED):
            return onward(Say("pin.locked"))
        case Did() | Keys():
            return onward(Say("pin.wrong")) if state.misses else Again((Say("pin.wrong"),))
    return person.to_the_beep(state, Say("silence.message")) if state.misses else Again(())
