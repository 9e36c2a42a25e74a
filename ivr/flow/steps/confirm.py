"""Was it this community?"""

from ivr.flow.places import named, whether
from ivr.flow.types import Ask, CallState, Heard, Hears, Move, Say, World
from routing.questions import About

HEARS = Hears(About.COMMUNITY, private=False)


def ask(state: CallState, world: World) -> Ask:
    """Read the name with its street, so that two places of one name are told apart."""
    return Ask((Say("confirm.ask", named(state.candidates[0], world)),), hints="communities")


def answer(state: CallState, heard: Heard, world: World) -> Move:
    return whether(state.candidates[0], heard, state, world)
