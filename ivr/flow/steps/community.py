"""Which community does the caller live in?"""

from ivr.flow.places import settle, understood
from ivr.flow.types import Again, Ask, CallState, Heard, Keys, Move, Said, Say, Silence, World, go, onward

KEYPAD_DIGITS = 3  # as printed on the community's leaflet


def due(state: CallState, world: World) -> bool:
    return state.community is None and not state.hurry


def ask(state: CallState, world: World) -> Ask:
    return Ask((Say("community.ask"),), digits=KEYPAD_DIGITS, hints="communities")


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """Its name, or its number. Who does not know it is recorded all the same: staff will place the call."""
    match heard:
        case Keys(digits) if found := world.directory.by_keypad.get(digits):
            return onward(**understood(found.code))
        case Said(meaning) if meaning.unknown:
            return go("message", Say("silence.message"), hurry=True)
        case Said(meaning):
            return settle(meaning.text, state, world, otherwise=Again((Say("community.sorry"),)))
        case Silence():
            return Again((Say("community.silence"),))
        case _:
            return Again((Say("community.sorry"),))
