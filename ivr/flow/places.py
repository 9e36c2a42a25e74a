"""What an utterance says about the community, as moves of the call. Used by every step that may hear a name."""

from dataclasses import replace
from typing import Any

from ivr.flow.types import Again, CallState, Go, Heard, Keys, Move, Said, Say, World, go, onward
from routing.directory import Community
from routing.matching import Decision, Match
from routing.matching.evidence import together

ASKED_AT_MOST = 3  # a caller cannot hold more names in mind


def settle(text: str, state: CallState, world: World, otherwise: Move) -> Move:
    """Where *text* leads when it may name a community; *otherwise* when it names none that was not refused.

    Two uncertain hearings of one name are worth more than one (see ``routing.matching.evidence``). An answer that
    would ask the same question about the same communities has settled nothing either.
    """
    if taken_back := _taken_back(text, state, world):
        return taken_back
    match = together(world.match(text, state.refused), state.heard_before)
    codes = tuple(candidate.community.code for candidate in match.candidates)
    match match.decision:
        case Decision.ACCEPT:
            return onward(match=match, **understood(codes[0]))
        case Decision.CONFIRM if len(codes) == 1:
            side = go("confirm", match=match, candidates=codes)
        case Decision.CONFIRM:
            side = go("choose", match=match, candidates=codes[:ASKED_AT_MOST])
        case Decision.NARROW:
            side = go("street", match=match, candidates=codes)
        case _:
            return replace(otherwise, match=match)
    asked_before = (side.step, side.changes["candidates"]) == (state.step, state.candidates)
    return replace(otherwise, match=match) if asked_before else side


def _taken_back(text: str, state: CallState, world: World) -> Go | None:
    """A refused community whose name is said again clearly was refused by mistake: once, then it stays refused."""
    if not set(state.refused) - set(state.restored):
        return None
    match = world.match(text, state.restored)
    if match.decision is not Decision.ACCEPT or (code := match.candidates[0].community.code) not in state.refused:
        return None
    refused_still = tuple(each for each in state.refused if each != code)
    restored = tuple(sorted({*state.restored, code}))
    return onward(match=match, **understood(code), refused=refused_still, restored=restored)


def settle_by_street(text: str, state: CallState, world: World, otherwise: Move) -> Move:
    """Which of the candidates, which share their name, *text* means: as if street and name had been said at once."""
    return settle(f"{text} {named(state.candidates[0], world)['name']}", state, world, otherwise)


def in_passing(text: str, state: CallState, world: World) -> tuple[dict[str, Any], Match]:
    """The community a sentence names beside something else: only a sure one counts, the others are asked for."""
    match = world.match(text, state.refused)
    sure = match.decision is Decision.ACCEPT
    return (understood(match.candidates[0].community.code) if sure else {}), match


def whether(code: str, heard: Heard, state: CallState, world: World) -> Move:
    """The answer to "was it this community?"."""
    no = refused(state, code)
    match heard:
        case Keys("1"):
            return onward(**confirmed(code))
        case Keys("2"):
            return onward(**no)
        case Said(meaning):
            said = meaning.answer if meaning.answer is not None else {1: True, 2: False}.get(meaning.choice or 0)
            if said is False:  # the name beside a no is the refused one, or the right one
                denied = state.but(**no, restored=tuple(sorted({*state.restored, *no["refused"]})))
                move = settle(meaning.text, denied, world, otherwise=onward())
                return replace(move, changes={**no, **move.changes}) if isinstance(move, Go) else move
            yes = onward(**confirmed(code))
            return settle(meaning.text, state, world, otherwise=yes if said else Again((Say("yesno.sorry"),)))
        case _:
            return Again((Say("yesno.sorry"),))


def understood(code: str) -> dict[str, Any]:
    """The community was understood, not confirmed: it is said back, with a key to correct it."""
    return {"community": code, "unconfirmed": True, "presumed": False, "candidates": ()}


def confirmed(code: str) -> dict[str, Any]:
    """The caller said yes to this community, or keyed its number."""
    return {"community": code, "unconfirmed": False, "presumed": False, "candidates": ()}


def refused(state: CallState, *codes: str) -> dict[str, Any]:
    """These communities are not offered again in this call."""
    return {"community": None, "presumed": False, "candidates": (), "refused": tuple(sorted({*state.refused, *codes}))}


def named(code: str | None, world: World) -> dict[str, str]:
    """What a sentence about this community is filled with; the bare code when it was retired during the call."""
    community = world.directory.by_code.get(code or "") or Community(code or "", code or "", "", "")
    return {"name": community.name, "street": community.street}
