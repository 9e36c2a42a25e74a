"""The number that is rung for the bulletins alone: all of them, once more on a key, or on to the line."""

from ivr.flow import news
from ivr.flow.types import Ask, Bye, CallState, Heard, Keys, Move, Say, World, go, onward


def ask(state: CallState, world: World) -> Bye:
    told = news.told(state, world) or (Say("news.none"),)
    return Bye(told, Ask((Say("news.again"),), speech=False), (Say("goodbye.end"),))


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """1 goes on as every other call does."""
    return onward() if heard == Keys("1") else go("news")
