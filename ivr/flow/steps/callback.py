"""The caller's number is withheld: which number may be called back?"""

from ivr.flow.types import Ask, CallState, Heard, Keys, Move, Said, Say, World, onward
from routing.speech.intents import spoken_digits

SHORTEST, LONGEST = 7, 15  # digits of a local number; of E.164


def due(state: CallState, world: World) -> bool:
    return state.withheld and not state.number_asked and not state.hurry


def ask(state: CallState, world: World) -> Ask:
    return Ask((Say("callback.ask"),), digits=None, wait="number", hints="digits")


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """Asked once. Without a number the call goes on; the message may hold one."""
    match heard:
        case Keys(digits):
            said = [spoken_digits(digits)]
        case Said(meaning):
            said = [number.digits for number in meaning.numbers]
        case _:
            said = []
    for number in said:
        if SHORTEST <= len(number) <= LONGEST:
            return onward(callback=number, number_asked=True)
    return onward(number_asked=True)
