"""What is it about, in a few words? All that is asked when too many call at once, or a number is on the nuisance list.

What is said here is understood like anywhere else, an emergency among it; whatever it is, the message comes next.
"""

from typing import Any

from ivr.flow.places import in_passing
from ivr.flow.steps import need
from ivr.flow.types import Ask, CallState, Go, Heard, Hears, Keys, Move, Said, Say, World, go
from routing.questions import About

HEARS = Hears(About.NEED, private=False)


def due(state: CallState, world: World) -> bool:
    return state.brief and not state.hurry


def ask(state: CallState, world: World) -> Ask:
    """No menu, though its keys are understood; a short wait, because nobody has to say anything yet."""
    many = () if state.listed else (Say("brief.many"),)
    return Ask((*many, Say("brief.ask"), *need.offers(state, world)), wait="addition")


def answer(state: CallState, heard: Heard, world: World) -> Move:
    match heard:
        case Keys(key) if pressed := world.needs.by_digit.get(key):
            return _to_the_beep(state, need=pressed.key)
        case Said(meaning):
            place, match = in_passing(meaning.text, state, world)
            wanted = {"need": meaning.needs[0]} if meaning.needs else {}
            return _to_the_beep(state, match=match if place else None, **wanted, **place)
        case _:
            return _to_the_beep(state)


def _to_the_beep(state: CallState, **found: Any) -> Go:
    """Who has an open matter and names no other one adds to it. Who withholds their number is told to say it."""
    joins = state.open_ticket is not None and found.get("need", state.open_need) == state.open_need
    number = (Say("brief.number"),) if state.withheld else ()
    return go("message", *number, hurry=True, joins=joins, another_matter=not joins, **found)
