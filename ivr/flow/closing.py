"""A call in which the hotline itself asks: was what was done for you right?"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from ivr.flow import automatic, standing
from ivr.flow.automatic import Automatic, yes_or_no
from ivr.flow.steps import rating
from ivr.flow.types import Ask, Bye, Heard, Keys, Message, Reply, Said, Say, Speech
from routing.automatic import CONFIRMED, NOT_RIGHT, OPTED_OUT
from routing.speech.meaning import Meaning, Wish

LAST_WORDS = {**automatic.LAST_WORDS, CONFIRMED: "closing.confirmed", NOT_RIGHT: "closing.noted"}


@dataclass(frozen=True, slots=True)
class Closing(Automatic):
    """The questions: here, right, words (at the beep), rate. ``rates``: whoever says that it was right is asked how the
    help was; ``rated``: good or bad.
    """

    rates: bool = False
    rated: str = ""


def ask(state: Closing) -> Reply:
    """What is said now."""
    sorry = (Say("yesno.sorry"),) if state.misses else ()
    match state.step:
        case "here":
            return Ask((*sorry, Say("closing.here")), hints="yes_no")
        case "right":
            return Ask((*sorry, Say("closing.right", standing.named(state.need))), hints="yes_no")
        case "words":
            return Message(_not_right(state), notice=Say("message.beep"))
        case "rate":
            return Ask((Say("closing.rate"),), speech=False)
    told = _not_right(state) if state.answer == NOT_RIGHT and not state.records else ()
    return Bye((*told, Say(LAST_WORDS[state.answer]), Say("goodbye.end")))


def _not_right(state: Closing) -> tuple[Say, ...]:
    """What to do in danger comes first, and alone."""
    if state.danger:
        return (Say("emergency.call", {"number": state.danger}),)
    return (Say("closing.not_right" if state.records else "closing.sorry"),)


def advance(state: Closing, heard: Heard, read: Callable[[str], Meaning]) -> Closing:
    """What follows when *heard* answers what was asked; ``read`` understands a sentence."""
    if isinstance(heard, Speech):
        heard = Said(read(heard.text))
    match state.step, heard:
        case "over", _:
            return state
        case "words", _:  # a recording, or nobody spoke
            return replace(state, step="over")
        case "rate", Keys("1" | "2" as key):
            return replace(state, step="over", rated=rating.RATINGS[key])
        case "rate", _:
            return replace(state, step="over")
        case _, Keys("9"):
            return replace(state, step="over", answer=OPTED_OUT)
        case _, Keys("0"):
            return _wrong(state)
        case _, Said(meaning) if meaning.emergency:
            return _wrong(state, meaning.emergency.number)
        case _, Said(meaning) if meaning.wants(Wish.PERSON):
            return _wrong(state)
        case "here", _:
            return state.met(heard, then="right")
    return _right(state, heard)


def _right(state: Closing, heard: Heard) -> Closing:
    """Whether it was done, and right. Who asks for it again, or what became of it, has not got it."""
    said = yes_or_no(heard)
    if said is None and isinstance(heard, Said):
        if heard.meaning.wants(Wish.CANCEL):  # all is well, nothing more is needed
            said = True
        elif heard.meaning.needs or heard.meaning.wants(Wish.STATUS):
            said = False
    if said is None:
        return state.again(heard)
    if not said:
        return _wrong(state)
    return state.moved("rate" if state.rates else "over", answer=CONFIRMED)


def _wrong(state: Closing, danger: str = "") -> Closing:
    """Somebody will see to it; the resident may say more at the beep."""
    return state.moved("words" if state.records else "over", answer=NOT_RIGHT, danger=danger)
