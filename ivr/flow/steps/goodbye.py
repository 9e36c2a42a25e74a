"""The last words: the promise first, then the ticket's number, then who else can help."""

from collections.abc import Iterator

from ivr.flow.types import Bye, CallState, Heard, Move, Say, World, go


def ask(state: CallState, world: World) -> Bye:
    return Bye(tuple(_words(state, world)))


def _words(state: CallState, world: World) -> Iterator[Say]:
    if state.talked:
        yield Say("goodbye.talked")
    elif not state.spoke:
        yield Say("goodbye.silent")
    else:
        promise = world.promise(state.need, state.urgent)
        yield Say("goodbye.added" if state.joins else "goodbye.noted")
        yield Say(promise.key, promise.values)
        yield Say("goodbye.strange_number")
    if world.ticket:
        yield Say("goodbye.ticket", {"number": world.ticket})
    community = world.directory.by_code.get(state.community or "")
    if community and community.phone and not state.presumed:
        yield Say("goodbye.office", {"name": community.name, "phone": community.phone})
    yield Say("goodbye.end")


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """The call is over; whatever still comes hears the last words again."""
    return go("goodbye")
