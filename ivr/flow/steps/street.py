"""Several communities bear this name: in which street, town or district is the caller's?"""

from ivr.flow.places import named, settle_by_street
from ivr.flow.types import Again, Ask, CallState, Heard, Hears, Move, Said, Say, World
from routing.questions import About

HEARS = Hears(About.COMMUNITY, private=False)


def ask(state: CallState, world: World) -> Ask:
    return Ask((Say("street.ask", named(state.candidates[0], world)),), hints="communities")


def answer(state: CallState, heard: Heard, world: World) -> Move:
    match heard:
        case Said(meaning):
            return settle_by_street(meaning.text, state, world, otherwise=Again((Say("street.sorry"),)))
        case _:
            return Again((Say("street.sorry"),))
