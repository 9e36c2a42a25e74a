"""Which ticket? Its number, by keys."""

from ivr.flow.types import Act, Again, Ask, CallState, Deed, Did, Heard, Hears, Keys, Move, Result, Say, World, go
from routing.questions import About

HEARS = Hears(About.WORK, private=False)


def ask(state: CallState, world: World) -> Ask:
    return Ask((Say("which.ask"),), digits=None, wait="number", speech=False)


def deed(state: CallState, heard: Heard) -> Act | None:
    match heard:
        case Keys(digits) if (number := digits.strip("#")).isdecimal():
            return Act(Deed.FIND, number)
    return None


def answer(state: CallState, heard: Heard, world: World) -> Move:
    match heard:
        case Did(Deed.FIND, Result.DONE, task, plays):
            return go("task", task=task, plays=plays, told=False, mine=False)
        case Did():
            return go("staff", Say("which.none"))
    return Again((Say("staff.sorry"),))
