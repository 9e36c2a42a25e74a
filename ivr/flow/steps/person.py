"""The duty number is ringing: did somebody take the call?"""

from ivr.flow.types import CallState, Heard, Move, Rang, Ring, Say, World, go


def ask(state: CallState, world: World) -> Ring:
    return Ring(())


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """Nobody came: straight to the beep, with a promise; just the promise when a message is there already."""
    if heard == Rang(taken=True):
        return go("goodbye", talked=True)
    return go("goodbye") if state.messages else go("message", Say("person.nobody"), hurry=True)
