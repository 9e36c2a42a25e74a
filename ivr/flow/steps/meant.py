"""Was it this need, or one of these two, that the caller meant? Asked when what was said may mean it, or either."""

from ivr.flow.types import Again, Ask, CallState, Heard, Hears, Keys, Move, Said, Say, World, go, onward
from routing.questions import About

HEARS = Hears(About.NEED, private=False)


def ask(state: CallState, world: World) -> Ask:
    """One with yes and no; of two each with its key, then a key for neither."""
    if len(state.near) == 1:
        return Ask((Say("meant.ask", {"need": state.near[0]}),), hints="yes_no")
    items = (Say("menu.choice", {"need": need, "digit": str(digit)}) for digit, need in enumerate(state.near, 1))
    none = Say("choose.none", {"digit": str(len(state.near) + 1)})
    return Ask((Say("meant.which"), *items, none))


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """No counts as not understood: who is misunderstood twice is asked no more, and says it after the beep."""
    match heard:
        case Keys(key) if key.isdecimal() and 1 <= int(key) <= len(state.near):
            return onward(need=state.near[int(key) - 1], near=())
        case Keys(key) if key == str(len(state.near) + 1):
            return _neither()
        case Said(meaning):
            if meaning.needs:
                return onward(need=meaning.needs[0], near=())
            if place := meaning.chosen(len(state.near) + 1):
                return onward(need=state.near[place - 1], near=()) if place <= len(state.near) else _neither()
            if meaning.answer is False:
                return _neither()
            if meaning.answer and len(state.near) == 1:
                return onward(need=state.near[0], near=())
            if meaning.near and meaning.near[0] in state.near:  # said again, in words as near
                return onward(need=meaning.near[0], near=())
    return Again((Say("yesno.sorry"),))


def _neither() -> Move:
    return go("need", near=(), misses=1)
