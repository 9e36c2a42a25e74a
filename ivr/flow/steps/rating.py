"""The talk with a person is over: was the help good? One key, or none."""

from ivr.flow.types import Ask, CallState, Heard, Keys, Move, Say, World, go

RATINGS = {"1": "good", "2": "bad"}


def ask(state: CallState, world: World) -> Ask:
    """By keys alone: whoever is still there has said all they had to say."""
    return Ask((Say("rating.ask"),), speech=False)


def answer(state: CallState, heard: Heard, world: World) -> Move:
    """Asked once; whatever else is heard is no answer, and the call ends."""
    match heard:
        case Keys("1" | "2" as key):
            return go("goodbye", Say("rating.thanks"), rated=RATINGS[key])
    return go("goodbye")
