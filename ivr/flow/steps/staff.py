"""What would a member of staff like to do: hear tickets, or say whether they are there?"""

from collections.abc import Mapping

from ivr.flow.types import Act, Again, Ask, CallState, Deed, Did, Heard, Hears, Keys, Move, Result, Say, World, go
from routing.questions import About

HEARS = Hears(About.WORK, private=False)
KEYS = {"1": Deed.NEW, "2": Deed.MINE, "4": Deed.READY, "5": Deed.BREAK, "6": Deed.OFF}

SAID = {Deed.READY: "staff.ready", Deed.BREAK: "staff.break", Deed.OFF: "staff.off"}


def ask(state: CallState, world: World) -> Ask:
    """How much waits, then the keys."""
    work = world.worklist()
    counts = Say("staff.counts", {"new": str(work.new), "mine": str(work.mine)})
    return Ask((counts, Say("staff.menu")), speech=False)


def deed(state: CallState, heard: Heard) -> Act | None:
    return pressed(KEYS, heard)


def pressed(keys: Mapping[str, Deed], heard: Heard) -> Act | None:
    """What is to be done by the key that was pressed; None: no key, or none of these."""
    match heard:
        case Keys(key) if key in keys:
            return Act(keys[key])
    return None


def answer(state: CallState, heard: Heard, world: World) -> Move:
    match heard:
        case Keys("3"):
            return go("which")
        case Did(Deed.NEW | Deed.MINE as list_, Result.DONE, task, plays):
            return go("task", task=task, plays=plays, told=False, mine=list_ is Deed.MINE)
        case Did(Deed.NEW | Deed.MINE, Result.NOTHING):
            return go("staff", Say("staff.none"))
        case Did(Deed.READY, Result.NOTHING):
            return go("staff", Say("staff.ready_off"))
        case Did(said, Result.DONE) if said in SAID:
            return go("staff", Say(SAID[said]))
        case Did():
            return go("goodbye", Say("staff.refused"))
    return Again((Say("staff.sorry"),))
