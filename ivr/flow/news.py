"""Bulletins: which of them a caller hears, and when."""

from ivr.flow.types import CallState, Say, World


def told(state: CallState, world: World, *, asked: bool | None = None) -> tuple[Say, ...]:
    """Those of their language, for who is known to be of its area. ``asked``: those on a key, or those that are not.

    Nobody hears one in an emergency.
    """
    if state.urgent:
        return ()
    return tuple(
        Say("bulletin", {"bulletin": each.text, "id": each.key})
        for each in world.bulletins
        if each.language in (state.language, world.bases.get(state.language))
        and asked in (None, each.asked)
        and (not each.areas or state.known in each.areas)
    )
