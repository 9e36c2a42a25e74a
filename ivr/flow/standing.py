"""What became of what a caller asked for earlier, as it is told to them: its state, who has it, until when.

The state is that of the moment when the call began, by what staff did last. Who has it is told as a role, never by
name: whoever rings from that number hears it.
"""

from collections.abc import Iterator

from ivr.flow.types import CallState, Say, World

ON_THE_WAY = "on_the_way"  # an open matter is that, or waiting, claimed, tried (to reach the caller, in vain)
OVER = ("helped", "not_reached")


def told(state: CallState, world: World) -> tuple[Say, ...]:
    """The sentences that say it; that there is nothing, when we know of nothing."""
    return tuple(_told(state, world)) if state.standing else (Say("standing.none"),)


def matter(state: CallState) -> dict[str, str]:
    """What the matter is called in a sentence. "Something else" says nothing, so that is the last call's."""
    return named(state.open_need)


def named(need: str | None) -> dict[str, str]:
    """The same for a matter of this need."""
    return {"need": "unknown" if need in (None, "other") else need or "unknown"}


def _told(state: CallState, world: World) -> Iterator[Say]:
    need = matter(state)
    match state.standing:
        case "helped" if state.done:
            yield Say("standing.done", {**need, "done": state.done})
        case "helped":
            yield Say("standing.helped", need)
        case "not_reached":
            yield Say("standing.not_reached", need)
        case "on_the_way":
            yield Say("standing.on_the_way", {**need, "who": state.holder})
        case "claimed":
            yield Say("standing.claimed", {**need, "who": state.holder})
        case "tried":
            yield Say("standing.tried", need)
        case _:
            yield Say("standing.waiting", need)
    if state.due:
        yield from _until(state, world)


def _until(state: CallState, world: World) -> Iterator[Say]:
    """Who is on the way is there before the time that was promised; nobody can say when, once that is over."""
    promise = world.promised(state.due)
    if state.standing != ON_THE_WAY:
        yield Say(promise.key, promise.values)
    elif promise.key == "promise.by":
        yield Say("standing.arrives", promise.values)
