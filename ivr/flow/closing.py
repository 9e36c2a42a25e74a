"""A call in which the hotline itself asks: was what was done for you right?

It says who calls and nothing else until a key or a word comes, for anybody may have picked up, or a machine. Only then
it names the matter. A machine never answers the first question with a yes, so its owner's matter stays untold.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, Self

from ivr.flow import standing
from ivr.flow.steps import rating
from ivr.flow.types import Ask, Bye, Heard, Keys, Message, Reply, Said, Say, Speech
from routing.closing import CONFIRMED, LATER, NOBODY, NOT_RIGHT, OPTED_OUT
from routing.speech.meaning import Meaning, Wish

Step = Literal["here", "right", "words", "rate", "over"]

MISSES = 2  # so often nothing was understood, and they are let go
ASKED = 6  # and no question is asked more often, whatever is pressed: a "hello?" and a star are no misses

LAST_WORDS = {
    CONFIRMED: "closing.confirmed",
    NOT_RIGHT: "closing.noted",
    OPTED_OUT: "closing.opted_out",
    LATER: "closing.later",
    NOBODY: "closing.nobody",
}


@dataclass(frozen=True, slots=True)
class Closing:
    """What the call knows. ``need``: what the matter is about; ``answer``: a key of ``LAST_WORDS``, or empty.

    ``danger``: the number to dial in the emergency that was told of. ``records``: words that are left can be kept.
    ``rates``: whoever says that it was right is asked how the help was; ``rated``: good or bad.
    """

    need: str | None = None
    records: bool = True
    rates: bool = False
    step: Step = "here"
    answer: str = ""
    danger: str = ""
    rated: str = ""
    asked: int = 1
    misses: int = 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """A state kept by this or the previous release."""
        names = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in kept.items() if name in names})


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
            return _here(state, heard)
    return _right(state, heard)


def _here(state: Closing, heard: Heard) -> Closing:
    """Whether it is a good moment, and somebody is there at all."""
    match _yes_or_no(heard):
        case True:
            return replace(state, step="right", misses=0, asked=1)
        case False:
            return replace(state, step="over", answer=LATER)
    return _again(state, heard)


def _right(state: Closing, heard: Heard) -> Closing:
    """Whether it was done, and right. Who asks for it again, or what became of it, has not got it."""
    said = _yes_or_no(heard)
    if said is None and isinstance(heard, Said):
        if heard.meaning.wants(Wish.CANCEL):  # all is well, nothing more is needed
            said = True
        elif heard.meaning.needs or heard.meaning.wants(Wish.STATUS):
            said = False
    if said is None:
        return _again(state, heard)
    if not said:
        return _wrong(state)
    return replace(state, step="rate" if state.rates else "over", answer=CONFIRMED, misses=0)


def _wrong(state: Closing, danger: str = "") -> Closing:
    """Somebody will see to it; the resident may say more at the beep."""
    return replace(state, step="words" if state.records else "over", answer=NOT_RIGHT, danger=danger, misses=0)


def _again(state: Closing, heard: Heard) -> Closing:
    """The same question once more; or, when that leads nowhere, nobody was there."""
    misses = state.misses + (0 if _no_miss(heard) else 1)
    if misses >= MISSES or state.asked >= ASKED:
        return replace(state, step="over", answer=NOBODY)
    return replace(state, misses=misses, asked=state.asked + 1)


def _no_miss(heard: Heard) -> bool:
    """Whether the caller did nothing wrong: whoever picks up says hello, and may want to hear it again."""
    match heard:
        case Keys("*"):
            return True
        case Said(meaning):
            return meaning.hello or meaning.wants(Wish.AGAIN)
    return False


def _yes_or_no(heard: Heard) -> bool | None:
    match heard:
        case Keys("1"):
            return True
        case Keys("2"):
            return False
        case Said(meaning):
            chosen = {1: True, 2: False}.get(meaning.choice or 0)
            return meaning.answer if meaning.answer is not None else chosen
    return None
