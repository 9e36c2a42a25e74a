"""A call in which the hotline itself apologises: we have not called you back in time; is it still needed?

It tells how the matter stands as a caller hears it who rings about it, with a new promise.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ivr.flow import automatic, standing
from ivr.flow.automatic import Automatic, yes_or_no
from ivr.flow.types import Ask, Bye, Heard, Keys, Message, Reply, Said, Say, Speech
from routing.automatic import NOT_NEEDED, OPTED_OUT, STILL_NEEDED
from routing.speech.meaning import Meaning, Wish

LAST_WORDS = {**automatic.LAST_WORDS, STILL_NEEDED: "overdue.noted", NOT_NEEDED: "goodbye.cancelled"}


@dataclass(frozen=True, slots=True)
class Overdue(Automatic):
    """The questions: here, needed, cancel (sure?), words (at the beep). ``holder``: the role of who has it, or empty.

    ``due``: until when somebody calls back now (ISO time, UTC); ``promise`` and ``when``: the sentence that says so,
    with its values.
    """

    holder: str = ""
    due: str = ""
    promise: str = "promise.soon"
    when: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def told(self) -> bool:
        """Whether the resident has heard the new promise, or is hearing it now."""
        return self.step in ("needed", "cancel") or self.answer in (STILL_NEEDED, NOT_NEEDED)


def ask(state: Overdue) -> Reply:
    """What is said now."""
    sorry = (Say("yesno.sorry"),) if state.misses else ()
    match state.step:
        case "here":
            return Ask((*sorry, Say("overdue.here")), hints="yes_no")
        case "needed":
            return Ask((*sorry, Say("overdue.sorry"), *_stands(state), Say("overdue.needed")), hints="yes_no")
        case "cancel":
            return Ask((*sorry, Say("cancel.ask", standing.named(state.need))), hints="yes_no")
        case "words":
            return Message(_before_words(state), notice=Say("message.beep"))
    told = _before_words(state) if state.answer == STILL_NEEDED and state.danger and not state.records else ()
    promised = (Say(state.promise, state.when),) if state.answer == STILL_NEEDED else ()
    return Bye((*told, Say(LAST_WORDS[state.answer]), *promised, Say("goodbye.end")))


def _stands(state: Overdue) -> tuple[Say, ...]:
    """That the matter stands, who has it if somebody has, and until when they call."""
    named: dict[str, Any] = standing.named(state.need)
    stands = Say("standing.claimed", named | {"who": state.holder}) if state.holder else Say("standing.waiting", named)
    return (stands, Say(state.promise, state.when))


def _before_words(state: Overdue) -> tuple[Say, ...]:
    """What to do in danger comes first, and alone."""
    if state.danger:
        return (Say("emergency.call", {"number": state.danger}),)
    return (Say("overdue.words"),)


def advance(state: Overdue, heard: Heard, read: Callable[[str], Meaning]) -> Overdue:
    """What follows when *heard* answers what was asked; ``read`` understands a sentence."""
    if isinstance(heard, Speech):
        heard = Said(read(heard.text))
    match state.step, heard:
        case "over", _:
            return state
        case "words", _:  # a recording, or nobody spoke
            return replace(state, step="over")
        case _, Keys("9"):
            return state.moved("over", answer=OPTED_OUT)
        case _, Keys("0"):
            return _words(state)
        case _, Said(meaning) if meaning.emergency:
            return _words(state, meaning.emergency.number)
        case _, Said(meaning) if meaning.wants(Wish.PERSON):
            return _words(state)
        case "here", _:
            return state.met(heard, then="needed")
        case "cancel", _:
            return _cancel(state, heard)
    return _needed(state, heard)


def _needed(state: Overdue, heard: Heard) -> Overdue:
    """Whether it is still needed. Who asks for it again, or what became of it, needs it."""
    match heard:
        case Keys("3") | Said(Meaning(choice=3)):
            return _words(state)
        case Said(meaning) if meaning.wants(Wish.CANCEL):
            return state.moved("cancel")
        case Said(meaning) if meaning.needs or meaning.wants(Wish.STATUS):
            return state.moved("over", answer=STILL_NEEDED)
    match yes_or_no(heard):
        case True:
            return state.moved("over", answer=STILL_NEEDED)
        case False:
            return state.moved("cancel")
    return state.again(heard)


def _cancel(state: Overdue, heard: Heard) -> Overdue:
    """Only a clear yes cancels; who is not understood twice keeps what they asked for."""
    sure = True if isinstance(heard, Said) and heard.meaning.wants(Wish.CANCEL) else yes_or_no(heard)
    if sure is None:
        return state.again(heard)
    return state.moved("over", answer=NOT_NEEDED if sure else STILL_NEEDED)


def _words(state: Overdue, danger: str = "") -> Overdue:
    """It is needed, and the resident says more at the beep, where their words can be kept."""
    return state.moved("words" if state.records else "over", answer=STILL_NEEDED, danger=danger)
