"""Is somebody in danger now? Asked when what was said may tell of it, and may not."""

from typing import Any

from ivr.flow.types import (
    Again,
    Ask,
    CallState,
    Go,
    Heard,
    Hears,
    Keys,
    Move,
    Said,
    Say,
    Silence,
    Staffing,
    World,
    go,
    onward,
)
from routing.questions import About
from routing.speech.meaning import Emergency

HEARS = Hears(About.NEED, private=False)


def ask(state: CallState, world: World) -> Ask:
    return Ask((Say("danger.ask"),), wait="addition", hints="yes_no")


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """Silence may mean that somebody cannot speak any more: it is taken for a yes, as a miss would cost most."""
    match heard:
        case Keys("1") | Silence():
            return _taken(state, world)
        case Keys("2"):
            return _safe(state)
        case Said(meaning):
            said = meaning.answer if meaning.answer is not None else {1: True, 2: False}.get(meaning.choice or 0)
            if said or meaning.alarm:  # said again, in words as near
                return _taken(state, world)
            if meaning.needs:
                return onward(need=meaning.needs[0], danger="", despair=False)
            if said is False:
                return _safe(state)
    return _taken(state, world) if state.misses else Again((Say("yesno.sorry"),))


def _taken(state: CallState, world: World) -> Go:
    return told_of(Emergency("", state.danger, state.despair), state, world)


def told_of(emergency: Emergency, state: CallState, world: World) -> Go:
    """The number to dial, and the beep. Who is in despair speaks with somebody, if anybody can be rung."""
    if not emergency.despair:
        return taken(emergency.number)
    facts: dict[str, Any] = {"urgent": True, "despair": True, "danger": emergency.number}
    if world.staffing(state.but(**facts)) is Staffing.FREE:
        return go("person", Say("despair.here"), rung=True, rings=0, **facts)
    return nobody(state.but(**facts), world)


def nobody(state: CallState, world: World) -> Go:
    """Nobody of ours can listen to somebody in despair: whom they can ring at once, and the beep."""
    number = {"number": state.danger}
    line = {"phone": world.counselling} if world.counselling else None
    told = Say("despair.line", number | line) if line else Say("emergency.call", number)
    return go("message", told, urgent=True, hurry=True, despair=True, danger="")


def taken(number: str) -> Go:
    """The number to dial, then the beep at once: nothing more is asked."""
    return go("message", Say("emergency.call", {"number": number}), urgent=True, hurry=True, danger="")


def _safe(state: CallState) -> Move:
    """On with what is asked next; where nothing else was understood, a second such sentence leads to the beep."""
    return onward(danger="", despair=False, misses=0 if state.need else 1)
