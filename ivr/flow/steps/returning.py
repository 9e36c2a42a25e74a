"""A caller whose matter is still open: is there something to add, or is it about something else?"""

from ivr.flow import standing
from ivr.flow.places import in_passing
from ivr.flow.steps import message, need
from ivr.flow.types import Ask, CallState, Heard, Hears, Keys, Message, Move, Recorded, Said, Say, World, go, onward
from routing.questions import About
from routing.speech.meaning import Wish

HEARS = Hears(About.ADDITION, private=False)


def due(state: CallState, world: World) -> bool:
    return state.open_ticket is not None and not state.another_matter and not state.joins and not state.hurry


def ask(state: CallState, world: World) -> Message:
    """What became of the matter, then what can be done about it; whoever waits is recorded."""
    says = (*standing.told(state, world), Say("returning.ask"), *need.offers(state, world))
    return Message((), notice=Say("message.beep"), first=Ask(says, wait="addition"))


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """2 or another need is another matter, 3 ends the open one; whatever else is said belongs to it."""
    match heard:
        case Keys("2"):
            return onward(another_matter=True)
        case Keys("3"):
            return go("cancel")
        case Said(meaning) if meaning.choice in (2, 3) and not meaning.needs:
            return onward(another_matter=True) if meaning.choice == 2 else go("cancel")
        case Said(meaning):
            wanted = meaning.needs
            if wanted and wanted[0] != state.open_need:
                place, match = in_passing(meaning.text, state, world)
                return onward(match=match, another_matter=True, need=wanted[0], **place)
            if meaning.wants(Wish.CANCEL):
                return go("cancel")
            if meaning.wants(Wish.STATUS):
                return go("returning")
            return go("message", joins=True, hurry=True)
        case Recorded():
            return message.recorded(state, heard, joins=True)
        case _:
            return go("message", hurry=True, joins=True)
