"""Is the caller still in the community that was dialled, or that of their last ticket?"""

from ivr.flow.places import named, whether
from ivr.flow.types import Ask, CallState, Heard, Hears, Move, Say, World
from routing.questions import About

HEARS = Hears(About.REMEMBERED, private=False)


def due(state: CallState, world: World) -> bool:
    return bool(state.known and not state.community and not state.hurry and state.known not in state.refused)


def ask(state: CallState, world: World) -> Ask:
    """The community's name is the only stored fact that caller ID alone ever reveals."""
    return Ask((Say(f"known.{state.known_by}", named(state.known, world)),), hints="communities")


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """No may mean that somebody rings for a parent: the memory is kept apart, the community is asked."""
    return whether(state.known or "", heard, state, world)
