"""Somebody's telephone is ringing: did they take the call?"""

from typing import Any

from ivr.flow.steps import danger
from ivr.flow.types import CallState, Go, Heard, Move, Rang, Ring, Say, Staffing, World, go, onward

ROUNDS = 3  # after so many telephones, or groups of them, nobody else is tried: a minute and a half


def due(state: CallState, world: World) -> bool:
    return offers(state, world) and world.staffing(state) is Staffing.FREE


def offers(state: CallState, world: World) -> bool:
    """Whether a person is offered to somebody who asks for none."""
    return world.live and not (state.rung or state.hurry or state.urgent)


def ask(state: CallState, world: World) -> Ring:
    return Ring((Say("person.next" if state.rings else "person.ring"),))


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """Nobody came: somebody else is rung, or waited for; then the beep and a promise, just the promise after a message.

    Who did not ask, but is in the slow lane, has not been asked anything yet: the questions begin. What such a caller
    said to a person belongs to their open matter, as far as anybody can tell.
    """
    if heard == Rang(taken=True):
        unasked = not state.wants_person and state.need is None and state.open_ticket is not None
        after = "rating" if world.rates and not state.urgent else "goodbye"
        return go(after, talked=True, joins=state.joins or unasked)
    holder_alone = state.rang_back and not (state.wants_person or state.despair) and state.need is None
    if state.rings < ROUNDS and not holder_alone and (elsewhere := _elsewhere(state, world)):
        return elsewhere
    if state.despair:
        return danger.nobody(state, world)
    if not state.wants_person and state.need is None:
        return onward(Say("person.questions"))
    return to_the_beep(state, Say("person.nobody"))


def to_the_beep(state: CallState, *says: Say, **changes: Any) -> Go:
    """Nobody comes any more. Who has left a message already is let go."""
    return go("goodbye", **changes) if state.messages else go("message", *says, hurry=True, **changes)


def _elsewhere(state: CallState, world: World) -> Move | None:
    """Somebody else's telephone; the queue where they are all at it, for who knows what they wait for."""
    may_wait = (state.wants_person or state.need) and not (state.urgent or state.messages)
    match world.staffing(state):
        case Staffing.FREE:
            return go("person", rings=state.rings + 1)
        case Staffing.BUSY if may_wait:
            return go("waiting", rings=state.rings + 1)
    return None
