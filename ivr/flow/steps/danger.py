"""Is somebody in danger now? Asked when what was said may tell of it, and may not."""

from ivr.flow.types import Again, Ask, CallState, Go, Heard, Hears, Keys, Move, Said, Say, Silence, World, go, onward
from routing.questions import About

HEARS = Hears(About.NEED, private=False)


def ask(state: CallState, world: World) -> Ask:
    return Ask((Say("danger.ask"),), wait="addition", hints="yes_no")


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """Silence may mean that somebody cannot speak any more: it is taken for a yes, as a miss would cost most."""
    match heard:
        case Keys("1") | Silence():
            return taken(state.danger)
        case Keys("2"):
            return _safe(state)
        case Said(meaning):
            said = meaning.answer if meaning.answer is not None else {1: True, 2: False}.get(meaning.choice or 0)
            if said or meaning.alarm:  # said again, in words as near
                return taken(state.danger)
            if meaning.needs:
                return onward(need=meaning.needs[0], danger="")
            if said is False:
                return _safe(state)
    return taken(state.danger) if state.misses else Again((Say("yesno.sorry"),))


def taken(number: str) -> Go:
    """The number to dial, then the beep at once: nothing more is asked."""
    return go("message", Say("emergency.call", {"number": number}), urgent=True, hurry=True, danger="")


def _safe(state: CallState) -> Move:
    """On with what is asked next; where nothing else was understood, a second such sentence leads to the beep."""
    return onward(danger="", misses=0 if state.need else 1)
