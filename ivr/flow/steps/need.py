"""What does the caller need?"""

from collections.abc import Iterator

from ivr.flow import news
from ivr.flow.places import in_passing
from ivr.flow.types import Again, Ask, CallState, Heard, Hears, Keys, Move, Said, Say, Silence, World, go, onward
from routing import needs
from routing.matching import Decision
from routing.questions import About
from routing.speech.meaning import Meaning

HEARS = Hears(About.NEED, private=False)


def due(state: CallState, world: World) -> bool:
    return state.need is None and not state.hurry


def ask(state: CallState, world: World) -> Ask:
    """Talk first, then the menu; one key answers it, so nobody has to find the hash key.

    Who was silent hears a word of encouragement, not all of it again: the beep comes half a minute after the ring.
    """
    if state.silent:
        return Ask((Say("need.silence"),), wait="addition")
    choices = (Say("menu.choice", {"need": need.key, "digit": need.digit}) for need in world.needs.rows)
    return Ask((Say("need.ask"), *choices, Say("menu.person"), *offers(state, world)), wait="opening")


def offers(state: CallState, world: World) -> Iterator[Say]:
    """Bulletins on a key, and the other languages, each in its own; part of whichever question comes first."""
    if news.told(state, world, asked=True):
        yield Say("bulletin.offer", {"digit": needs.NEWS_DIGIT})
    for key, language in world.languages.items():
        if language != state.language:
            yield Say("language.offer", {"digit": key}, language)


def _to_be_asked(meaning: Meaning, state: CallState) -> bool:
    """Once: who was not understood before, is not asked about another guess."""
    return bool(meaning.near) and not state.misses


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """A key, or a sentence that may name the community as well."""
    match heard:
        case Keys(key) if need := world.needs.by_digit.get(key):
            return onward(need=need.key)
        case Said(meaning):
            wanted = meaning.needs
            place, match = in_passing(meaning.text, state, world)
            if not (wanted or place) and (pressed := world.needs.by_digit.get(str(meaning.choice))):
                return onward(need=pressed.key)
            if wanted or place:
                named = None if match.decision is Decision.REJECT else match  # a need alone names no community
                if not wanted and _to_be_asked(meaning, state):
                    return go("meant", match=named, near=meaning.near, **place)
                return onward(match=named, need=wanted[0] if wanted else None, **place)
            if _to_be_asked(meaning, state):
                return go("meant", match=match, near=meaning.near)
            return Again((Say("need.sorry"),), match=match)
        case Silence():
            return Again(()) if state.misses else go("need", misses=1, silent=True)
        case _:
            return Again((Say("need.sorry"),))
