"""Which community does the caller live in?"""

from ivr.flow.places import settle, understood
from ivr.flow.types import Again, Ask, CallState, Heard, Hears, Keys, Move, Said, Say, Silence, World, go, onward
from routing.directory import Community
from routing.matching import Decision
from routing.questions import About
from routing.speech.meaning import Meaning

HEARS = Hears(About.COMMUNITY, private=False)
KEYPAD_DIGITS = 3  # as printed on the community's leaflet


def due(state: CallState, world: World) -> bool:
    return state.community is None and not state.hurry


def ask(state: CallState, world: World) -> Ask:
    """Its number is mentioned where communities have one."""
    key = "community.ask_or_key" if world.directory.by_keypad else "community.ask"
    return Ask((Say(key),), digits=KEYPAD_DIGITS, hints="communities")


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """Its name, or its number. Who does not know it is recorded all the same: staff will place the call."""
    match heard:
        case Keys(digits) if found := world.directory.by_keypad.get(digits):
            return onward(**understood(found.code))
        case Keys(digits) if len(digits) == KEYPAD_DIGITS and digits.isdecimal():
            return Again((Say("community.no_number"),))
        case Said(meaning):
            return _said(meaning, state, world)
        case Silence():
            return Again((Say("community.silence"),))
        case _:
            return Again((Say("community.sorry"),))


def _said(meaning: Meaning, state: CallState, world: World) -> Move:
    """A name counts before a number, and both before "I do not know": many say that, and then where they live."""
    if (keyed := _by_number(meaning, world)) and world.match(meaning.text, state.refused).decision != Decision.ACCEPT:
        return onward(**understood(keyed.code))
    if meaning.unknown:
        return settle(meaning.text, state, world, otherwise=go("message", Say("silence.message"), hurry=True))
    sorry = "community.no_number" if _numbers(meaning) else "community.sorry"
    return settle(meaning.text, state, world, otherwise=Again((Say(sorry),)))


def _numbers(meaning: Meaning) -> list[str]:
    """What was read out and is as long as a leaflet's number."""
    return [number.digits for number in meaning.numbers if len(number.digits) == KEYPAD_DIGITS]


def _by_number(meaning: Meaning, world: World) -> Community | None:
    found = (world.directory.by_keypad.get(digits) for digits in _numbers(meaning))
    return next(filter(None, found), None)
