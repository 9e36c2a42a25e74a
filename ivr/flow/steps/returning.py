"""A caller whose matter is still open: is there something to add, or is it about something else?"""

from ivr.flow.places import in_passing
from ivr.flow.steps import message
from ivr.flow.types import Ask, CallState, Heard, Hears, Keys, Message, Move, Recorded, Said, Say, World, go, onward
from routing.questions import About

HEARS = Hears(About.ADDITION, private=False)


def due(state: CallState, world: World) -> bool:
    return state.open_ticket is not None and not state.another_matter and not state.joins and not state.hurry


def ask(state: CallState, world: World) -> Message:
    """Say that the matter is being handled; whoever waits is recorded."""
    about = {"need": state.open_need or "unknown"}
    return Message((), notice=Say("message.beep"), first=Ask((Say("returning.ask", about),), wait="addition"))


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """2 or another need is another matter; whatever else is said belongs to the open one."""
    match heard:
        case Keys("2"):
            return onward(another_matter=True)
        case Said(meaning) if meaning.choice == 2 and not meaning.needs:
            return onward(another_matter=True)
        case Said(meaning):
            wanted = meaning.needs
            if wanted and wanted[0] != state.open_need:
                place, match = in_passing(meaning.text, state, world)
                return onward(match=match, another_matter=True, need=wanted[0], **place)
            return go("message", joins=True, hurry=True)
        case Recorded():
            return message.recorded(state, heard, joins=True)
        case _:
            return go("message", hurry=True, joins=True)
