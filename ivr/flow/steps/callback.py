"""The caller's number is withheld: which number may be called back?"""

from ivr.flow.types import Ask, CallState, Heard, Hears, Keys, Move, Said, Say, World, go, onward
from routing.phone_numbers import MOST_EXTENSION_DIGITS, with_extension
from routing.questions import About

HEARS = Hears(About.NUMBER)
TRIES = 2  # an impossible number is asked for once more


def due(state: CallState, world: World) -> bool:
    return state.withheld and not state.number_asked and not state.hurry


def ask(state: CallState, world: World) -> Ask:
    return Ask((Say("callback.ask"),), digits=None, wait="number", hints="digits")


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """What can be a number is read back, what cannot is asked for again; without one the line goes on."""
    tries = state.number_tries + 1
    if number := possible(heard, state, world):
        return go("number", callback=number, number_tries=tries)
    if (given := dictated(heard)) and tries < TRIES:
        return go("callback", Say("callback.impossible", {"callback": given[0][0]}), number_tries=tries)
    return onward(number_asked=True)


def possible(heard: Heard, state: CallState, world: World) -> str | None:
    """The first telephone number (E.164) in what was keyed or read out, with its extension."""
    for digits, extension in dictated(heard):
        if number := world.number(digits, state.community):
            return with_extension(number, extension)
    return None


def dictated(heard: Heard) -> tuple[tuple[str, str], ...]:
    """The digits that were keyed or read out, number by number, each with its extension: keyed after a star."""
    match heard:
        case Keys(keyed):
            digits, _, extension = keyed.strip("#").partition("*")
            return ((digits, _short(extension)),) if digits else ()
        case Said(meaning):
            return tuple((number.digits, _short(number.extension)) for number in meaning.numbers)
        case _:
            return ()


def _short(extension: str) -> str:
    """None, when it is no extension."""
    return extension if extension.isdecimal() and len(extension) <= MOST_EXTENSION_DIGITS else ""
