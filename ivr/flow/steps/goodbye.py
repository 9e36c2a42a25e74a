"""The last words: the promise first, then the ticket's number, then who else can help."""

from collections.abc import Iterator

from ivr.flow.types import Ask, Bye, CallState, Heard, Move, Say, World, go

STATUSES = {"closed": "goodbye.closed", "restricted": "goodbye.restricted"}


def ask(state: CallState, world: World) -> Bye:
    """The office's number once, and again for who presses the star."""
    says, end = tuple(_words(state, world)), (Say("goodbye.end"),)
    community = world.directory.by_code.get(state.community or "")
    if community is None or not community.phone or state.presumed:
        return Bye((*says, *end))
    office = Say("goodbye.office", {"name": community.name, "phone": community.phone})
    return Bye(says, Ask((office, Say("goodbye.again")), wait="addition", speech=False), end)


def _words(state: CallState, world: World) -> Iterator[Say]:
    if state.staff:
        yield Say("staff.bye")
        return
    if state.repeats:
        return  # what was pressed for is the office's number
    if state.cancelled:
        yield Say("goodbye.cancelled")
        return
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
    status = STATUSES.get(world.statuses.get(state.community or "", ""))
    if community and status and not state.presumed:
        yield Say(status, {"name": community.name})


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """The call is over; whatever still comes hears the last words again."""
    return go("goodbye")
