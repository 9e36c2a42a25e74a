"""Which of these two or three communities was it?"""

from ivr.flow.places import confirmed, named, refused, settle, settle_by_street
from ivr.flow.types import Again, Ask, CallState, Heard, Hears, Keys, Move, Said, Say, World, onward
from routing.questions import About

HEARS = Hears(About.COMMUNITY, private=False)


def ask(state: CallState, world: World) -> Ask:
    """Each with its street and its key, then a key for none of them."""
    items = (
        Say("choose.item", {**named(code, world), "digit": str(digit)})
        for digit, code in enumerate(state.candidates, 1)
    )
    none = Say("choose.none", {"digit": str(len(state.candidates) + 1)})
    return Ask((Say("choose.ask"), *items, none), hints="communities")


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """A key, "the second one", a name with its street, or none of them."""
    match heard:
        case Keys(key) if key.isdecimal() and 1 <= int(key) <= len(state.candidates):
            return onward(**confirmed(state.candidates[int(key) - 1]))
        case Keys(key) if key == str(len(state.candidates) + 1):
            return onward(**refused(state, *state.candidates))
        case Said(meaning):
            if place := meaning.chosen(len(state.candidates)):
                return onward(**confirmed(state.candidates[place - 1]))
            if meaning.answer is False:
                return onward(**refused(state, *state.candidates))
            one_name = len({named(code, world)["name"] for code in state.candidates}) == 1
            which = settle_by_street if one_name else settle
            return which(meaning.text, state, world, otherwise=Again((Say("choose.sorry"),)))
        case _:
            return Again((Say("choose.sorry"),))
