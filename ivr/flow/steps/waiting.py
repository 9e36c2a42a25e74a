"""Everybody who could help is at it: the caller waits, is called back, or leaves a message."""

from collections.abc import Iterator

from ivr.flow.steps import person
from ivr.flow.types import Ask, CallState, Heard, Hears, Keys, Move, Say, Staffing, World, go
from routing.questions import About

HEARS = Hears(About.WAITING, private=False)
LONGEST = 16  # a quarter of a minute each: after four minutes nobody is kept on the line
TELLS = 2  # every so many of them, how long it will take


def due(state: CallState, world: World) -> bool:
    return person.offers(state, world) and world.staffing(state) is Staffing.BUSY


def ask(state: CallState, world: World) -> Ask:
    """How long it will take, twice a minute; in between a word, so that nobody thinks that they were forgotten."""
    says = (Say("waiting.still"),) if state.waits % TELLS else tuple(_told(state, world))
    return Ask(says, wait="waiting")


def _told(state: CallState, world: World) -> Iterator[Say]:
    queue = world.queue()
    if queue.ahead:
        yield Say("waiting.ahead", {"callers": str(queue.ahead)})
    else:
        yield Say("waiting.next")
    yield Say("waiting.time", {"minutes": str(queue.minutes)})
    if not state.withheld:
        yield Say("waiting.call_back")
    yield Say("waiting.message")


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """1 keeps the place and is called back, 2 leaves a message; whatever else is done, it goes on."""
    match heard:
        case Keys("1") if not state.withheld:
            return person.to_the_beep(state, Say("waiting.kept"), keeps_place=True)
        case Keys("2"):
            return person.to_the_beep(state, Say("silence.message"))
    match world.staffing(state):
        case Staffing.FREE:
            return go("person")
        case Staffing.BUSY if state.waits < LONGEST:
            return go("waiting", waits=state.waits + 1)
    return person.to_the_beep(state, Say("person.nobody"))
