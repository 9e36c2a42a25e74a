"""The beep: what the caller wants to say, recorded."""

from typing import Any

from ivr.flow.places import named, refused
from ivr.flow.types import Ask, CallState, Go, Heard, Hears, Keys, Message, Move, Recorded, Say, World, go
from routing.questions import About

HEARS = Hears(About.MESSAGE, private=False)
EMPTY_MESSAGES = 2  # nothing was said after the beep this often: say goodbye


def due(state: CallState, world: World) -> bool:
    return True


def ask(state: CallState, world: World) -> Message:
    """The notice stands outside any question, so that nobody can skip it. What was only understood is said back."""
    first = None
    if correctable(state):
        said_back = Say("community.taken", named(state.community, world))
        first = Ask((said_back,), wait="correction", speech=False)
    told = state.urgent or (state.hurry and not state.brief)  # in a hurry, what to say has just been said
    notice = "message.beep" if told else "message.notice"
    return Message((), notice=Say(notice), first=first)


def answer(state: CallState, heard: Heard, world: World) -> Move:
    match heard:
        case Recorded():
            return recorded(state, heard)
        case Keys("2") if state.community and correctable(state):
            return go("community", Say("community.corrected"), **refused(state, state.community))
        case Keys():
            return go("message", unconfirmed=False)
        case _ if state.empties + 1 >= EMPTY_MESSAGES:
            return go("goodbye")
        case _:
            return go("message", Say("message.empty"), empties=state.empties + 1, unconfirmed=False)


def correctable(state: CallState) -> bool:
    """The community was understood and is said back, unless there is no time for that."""
    return bool(state.community and state.unconfirmed and not state.hurry)


def recorded(state: CallState, heard: Recorded, **changes: Any) -> Go:
    """The message is kept whatever follows. In an emergency nothing more is asked, nor when the line is to be short;
    who hung up, left at this step.
    """
    step = state.step if heard.hung_up else "goodbye" if state.urgent or state.brief else "review"
    return go(step, messages=state.messages + 1, empties=0, **changes)
