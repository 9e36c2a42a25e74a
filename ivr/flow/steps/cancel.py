"""Is what was asked for earlier really not needed any more?"""

from ivr.flow import standing
from ivr.flow.types import Again, Ask, CallState, Heard, Hears, Keys, Move, Said, Say, World, go
from routing.questions import About
from routing.speech.meaning import Wish

HEARS = Hears(About.ADDITION, private=False)


def ask(state: CallState, world: World) -> Ask:
    return Ask((Say("cancel.ask", standing.matter(state)),), hints="yes_no")


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """Only a clear yes cancels. Who is not understood twice is recorded, and nothing is cancelled."""
    match heard:
        case Keys("1"):
            sure: bool | None = True
        case Keys("2"):
            sure = False
        case Said(meaning):
            sure = True if meaning.wants(Wish.CANCEL) else meaning.answer
            sure = {1: True, 2: False}.get(meaning.choice or 0) if sure is None else sure
        case _:
            sure = None
    if sure:
        return go("goodbye", cancelled=True, joins=True)
    if sure is False:
        return go("returning")
    return (
        go("message", Say("silence.message"), hurry=True, joins=True) if state.misses else Again((Say("yesno.sorry"),))
    )
