"""What every call has in common in which the hotline itself speaks to a resident, and nobody of ours.

It says who calls and nothing else until a key or a word comes, for anybody may have picked up, or a machine. Only then
it names the matter. A machine never answers the first question with a yes, so its owner's matter stays untold.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

from ivr.flow.types import Heard, Keys, Said
from routing.automatic import LATER, NOBODY, OPTED_OUT
from routing.speech.meaning import Wish

MISSES = 2  # so often nothing was understood, and they are let go
ASKED = 6  # and no question is asked more often, whatever is pressed: a "hello?" and a star are no misses

LAST_WORDS = {OPTED_OUT: "automatic.opted_out", LATER: "automatic.later", NOBODY: "automatic.nobody"}


@dataclass(frozen=True, slots=True)
class Automatic:
    """What such a call knows. ``need``: what the matter is about; ``step``: the open question, first ``here``, at last
    ``over``; ``answer``: what the resident said of it, see ``routing.automatic``, or empty.

    ``danger``: the number to dial in the emergency that was told of. ``records``: words that are left can be kept.
    """

    need: str | None = None
    records: bool = True
    step: str = "here"
    answer: str = ""
    danger: str = ""
    asked: int = 1
    misses: int = 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """A state kept by this or the previous release."""
        names = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in kept.items() if name in names})

    def moved(self, step: str, **changes: Any) -> Self:
        """On to another question, which nobody has misunderstood yet."""
        return replace(self, step=step, misses=0, asked=1, **changes)

    def met(self, heard: Heard, then: str) -> Self:
        """Whether it is a good moment, and somebody is there at all; then comes the question *then*."""
        match yes_or_no(heard):
            case True:
                return self.moved(then)
            case False:
                return self.moved("over", answer=LATER)
        return self.again(heard)

    def again(self, heard: Heard) -> Self:
        """The same question once more; or, when that leads nowhere, nobody was there."""
        misses = self.misses + (0 if _no_miss(heard) else 1)
        if misses >= MISSES or self.asked >= ASKED:
            return self.moved("over", answer=NOBODY)
        return replace(self, misses=misses, asked=self.asked + 1)


def _no_miss(heard: Heard) -> bool:
    """Whether the caller did nothing wrong: whoever picks up says hello, and may want to hear it again."""
    match heard:
        case Keys("*"):
            return True
        case Said(meaning):
            return meaning.hello or meaning.wants(Wish.AGAIN)
    return False


def yes_or_no(heard: Heard) -> bool | None:
    """What a key or a sentence answers to a question with yes on 1 and no on 2; None: neither."""
    match heard:
        case Keys("1"):
            return True
        case Keys("2"):
            return False
        case Said(meaning):
            chosen = {1: True, 2: False}.get(meaning.choice or 0)
            return meaning.answer if meaning.answer is not None else chosen
    return None
