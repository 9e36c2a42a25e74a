"""The message is kept: say it again?"""

from ivr.flow.types import Again, Ask, CallState, Heard, Hears, Keys, Move, Said, Say, World, go
from routing.questions import About
from routing.speech.meaning import Wish

HEARS = Hears(About.MESSAGE, private=False)
MESSAGES = 4  # somebody who has recorded this often is sent on


def ask(state: CallState, world: World) -> Ask:
    return Ask((Say("review.ask"),), wait="review", hints="review")


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """Only a clear wish records again, or plays it; silence and everything else keep the message."""
    match heard:
        case Keys("1"):
            return _played(world)
        case Said(meaning) if meaning.wants(Wish.HEAR):
            return _played(world)
        case Keys("2"):
            redo = True
        case Said(meaning):
            redo = meaning.wants(Wish.REDO)
        case _:
            redo = False
    return go("message", unconfirmed=False) if redo and state.messages < MESSAGES else go("goodbye")


def _played(world: World) -> Again:
    """Then the question again. It is no miss, and bounded as every repetition is."""
    address = world.message()
    says = Say("review.heard", {"message": address}) if address else Say("review.later")
    return Again((says,), miss=False)
