"""The number to call back, read back: is it right?"""

from ivr.flow.steps import callback
from ivr.flow.types import Ask, CallState, Heard, Hears, Keys, Move, Said, Say, World, go, onward
from routing.phone_numbers import EXTENSION
from routing.questions import About

HEARS = Hears(About.NUMBER)
TRIES = 3  # whoever corrected it twice is asked no more


def ask(state: CallState, world: World) -> Ask:
    """Digit by digit. The number is the ticket's: the call itself does not remember it."""
    number, _, extension = (world.callback() or "").partition(EXTENSION)
    key, values = "number.ask", {"callback": number}
    if extension:
        key, values = "number.ask_extension", {**values, "number": extension}
    return Ask((Say(key, values),), wait="review", hints="digits")


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """2 or no takes it off the ticket, another number replaces it; silence and everything else keep it."""
    again = state.number_tries < TRIES
    match heard:
        case Keys("2"):
            wrong = True
        case Said(meaning):
            if again and meaning.answer is not True and (number := callback.possible(heard, state, world)):
                return go("number", callback=number, number_tries=state.number_tries + 1)
            wrong = meaning.answer is False
        case _:
            wrong = False
    if not wrong:
        return onward(number_asked=True)
    return go("callback", callback="") if again else onward(number_asked=True, callback="")
