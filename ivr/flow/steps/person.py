"""The duty number is ringing: did somebody take the call?"""

from ivr.flow.types import CallState, Heard, Move, Rang, Ring, Say, World, go, onward


def ask(state: CallState, world: World) -> Ring:
    return Ring(())


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """Nobody came: who asked for a person gets the beep and a promise, just the promise after a message.

    Who did not ask, but is in the slow lane, has not been asked anything yet: the questions begin. What such a caller
    said to a person belongs to their open matter, as far as anybody can tell.
    """
    if heard == Rang(taken=True):
        unasked = not state.wants_person and state.open_ticket is not None
        return go("goodbye", talked=True, joins=state.joins or unasked)
    if not state.wants_person:
        return onward(Say("person.questions"))
    return go("goodbye") if state.messages else go("message", Say("person.nobody"), hurry=True)
