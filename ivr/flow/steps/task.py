"""A ticket as a member of staff hears it, and what they do with it by key."""

from collections.abc import Iterator

from ivr.flow.steps import staff
from ivr.flow.types import (
    Act,
    Again,
    Ask,
    CallState,
    Deed,
    Did,
    Heard,
    Hears,
    Keys,
    Move,
    Result,
    Say,
    Task,
    World,
    go,
)
from routing.questions import About

HEARS = Hears(About.WORK, private=False)
KEYS = {"1": Deed.CLAIM, "2": Deed.NEXT, "3": Deed.ON_THE_WAY, "5": Deed.TRIED, "6": Deed.NUMBER}
SAID = {Deed.ON_THE_WAY: "task.on_the_way", Deed.TRIED: "task.tried"}
HOUR_MIN, DAY_MIN = 60, 24 * 60


def ask(state: CallState, world: World) -> Ask:
    """What is known and the message, once, and again for who presses the star; then what can be done with it."""
    task = world.task(state.task)
    if task is None:
        return Ask((Say("task.gone"), Say("task.menu")), speech=False)
    known = () if state.told and not state.repeats else tuple(_known(task))
    return Ask((*known, *_offers(task), Say("task.menu")), speech=False)


def _known(task: Task) -> Iterator[Say]:
    yield Say("task.number", {"number": task.number})
    if task.urgent:
        yield Say("whisper.urgent")
    if task.need:
        yield Say("whisper.need", {"need": task.need})
    if task.place:
        yield Say("whisper.place", {"name": task.place})
    yield _waiting(task.waiting_min)
    if task.overdue:
        yield Say("task.overdue")
    for address in task.messages:
        yield Say("task.message", {"message": address})


def _waiting(minutes: int) -> Say:
    if minutes < HOUR_MIN:
        return Say("task.minutes", {"minutes": str(max(minutes, 1))})
    if minutes < DAY_MIN:
        return Say("task.hours", {"hours": str(minutes // HOUR_MIN)})
    return Say("task.days", {"days": str(minutes // DAY_MIN)})


def _offers(task: Task) -> Iterator[Say]:
    if task.free:
        yield Say("task.claim")
    if task.mine:
        yield Say("task.work")
    if task.callback:
        yield Say("task.callback")


def deed(state: CallState, heard: Heard) -> Act | None:
    return staff.pressed(KEYS, heard)


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """Whoever may hear the message only now that it is theirs hears all of it again."""
    match heard:
        case Keys("4"):
            return go("finish")
        case Keys("7"):
            return go("staff")
        case Did(Deed.NEXT, Result.DONE, task, plays):
            return go("task", task=task, plays=plays, told=False)
        case Did(Deed.NEXT):
            return go("staff", Say("staff.none"))
        case Did(Deed.CLAIM, Result.DONE, _, plays):
            return go("task", Say("task.claimed"), told=state.plays or not plays, plays=plays)
        case Did(Deed.NUMBER, Result.DONE) if (told := world.task(state.task)) and told.callback:
            return go("task", Say("task.dial", {"callback": told.callback}), told=True)
        case Did(said, Result.DONE) if said in SAID:
            return go("task", Say(SAID[said]), told=True)
        case Did(_, Result.OVERTAKEN):
            return go("task", Say("task.overtaken"), told=True)
        case Did():
            return go("task", Say("task.refused"), told=True)
    return Again((Say("staff.sorry"),))
