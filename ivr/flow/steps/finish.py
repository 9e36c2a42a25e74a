"""A ticket is done: how? What is chosen stands on the ticket, and is what its caller will be told."""

from ivr.flow.types import Act, Again, Ask, CallState, Deed, Did, Heard, Hears, Keys, Move, Result, Say, World, go
from routing.questions import About

HEARS = Hears(About.WORK, private=False)
WAYS = {"1": "finish.delivered", "2": "finish.phoned", "3": "finish.driven"}  # the packs have the words


def ask(state: CallState, world: World) -> Ask:
    return Ask((Say("finish.ask"),), speech=False)


def deed(state: CallState, heard: Heard) -> Act | None:
    match heard:
        case Keys(key) if key in WAYS:
            return Act(Deed.FINISH, WAYS[key])
    return None


def answer(state: CallState, heard: Heard, world: World) -> Move:
    match heard:
        case Keys("7"):
            return go("task", told=True)
        case Did(Deed.FINISH, Result.DONE):
            return go("staff", Say("finish.kept"))
        case Did(_, Result.OVERTAKEN):
            return go("task", Say("task.overtaken"), told=True)
        case Did():
            return go("task", Say("task.refused"), told=True)
    return Again((Say("staff.sorry"),))
