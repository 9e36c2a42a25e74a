"""The message is kept: say it again?"""

from ivr.flow.types import Ask, CallState, Heard, Hears, Keys, Move, Said, Say, World, go
from routing.questions import About
from routing.speech.meaning import Wish

HEARS = Hears(About.MESSAGE, private=False)
MESSAGES = 4  # somebody who has recorded this often is sent on


def ask(state: CallState, world: World) -> Ask:
    return Ask((Say("review.ask"),), wait="review", hints="review")


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """Only a clear wish records again; silence and everything else keep the message."""
    match heard:
        case Keys("2"):
            redo = True
        case Said(meaning):
            redo = meaning.wants(Wish.REDO)
        case _:
            redo = False
    return go("message", unconfirmed=False) if redo and state.messages < MESSAGES else go("goodbye")
