"""A world to take steps in, and a call that stands where a test wants it."""

from dataclasses import replace

from ivr.flow import chart, engine
from ivr.flow.types import Bye, CallState, Heard, Rang, Reply, Ring, Said, Say, Silence, Turn, World

WORLD, WORLD_WITH_DUTY, WORLD_AT_IT = chart.worlds()
ENGLISH = replace(WORLD, languages={"9": "en"})


def new_state(step: str = "need", **facts: object) -> CallState:
    """A call that stands at *step*; it speaks Chinese and knows nothing else, unless told."""
    return CallState(step=step, language="zh", **facts)


def said(text: str) -> Said:
    """A sentence as the walked world understands it."""
    return Said(WORLD.read(text))


def keys(says: tuple[Say, ...]) -> list[str]:
    """Which sentences are said, by their keys."""
    return [say.key for say in says]


def stay_silent(turn: Turn, world: World) -> list[Reply]:
    """What a caller hears who does nothing any more, until we hang up (or forty questions went by)."""
    heard: list[Reply] = [turn.reply]
    while not isinstance(turn.reply, Bye) and len(heard) < 40:
        nothing: Heard = Rang(taken=False) if isinstance(turn.reply, Ring) else Silence()
        turn = engine.advance(turn.state, nothing, world)
        heard.append(turn.reply)
    return heard


def call(world: World, *heard: Heard, state: CallState | None = None) -> Turn:
    """The last turn of a call in which all this was heard, from the beginning."""
    turn = engine.begin(state or new_state(), world)
    for each in heard:
        turn = engine.advance(turn.state, each, world)
    return turn
