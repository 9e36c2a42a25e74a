"""What staff are told of a match: why it was decided so, and what of a name was heard as what.

Matches are kept and exported in the English written here; ``Reason.read`` and ``read`` take that apart again, for pages
in another language.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from routing.matching.ranking import Fit
from routing.speech.phonetics import SYLLABLES, readings


class Reason(StrEnum):
    """Why a match was decided so: every reason there is. ``{place}`` is a street or town that was named."""

    EMPTY = "the directory is empty"
    SILENT = "nothing was said"
    PLACE_ONLY = "only {place} was named"
    UNLIKE = "nothing in the directory sounds like it"
    TWICE = "heard twice"

    @classmethod
    def read(cls, text: str) -> "tuple[Reason, str] | None":
        """The reason of a match, and the place in it; None when it is none of these."""
        for reason in cls:
            before, blank, after = reason.partition("{place}")
            if text == reason and not blank:
                return reason, ""
            if blank and text.startswith(before) and text.endswith(after):
                return reason, text.removeprefix(before).removesuffix(after)
        return None


@dataclass(frozen=True, slots=True)
class Why:
    """A candidate's ``why``: the ``name`` that was heard, and the ``place`` named in front of it, or nothing.

    ``parts`` are the syllables that were not as written: ("迎→银 ying/yin", True) was heard as another, ("隘", False)
    was not heard.
    """

    name: str
    place: str = ""
    parts: tuple[tuple[str, bool], ...] = ()

    def __str__(self) -> str:
        parts = ", ".join(text if heard else f"{text}{NOT_HEARD}" for text, heard in self.parts)
        found = f"sounds like {self.name}: {parts}" if parts else f"{self.name} as written"
        return f"{found}; in {self.place}" if self.place else found


NOT_HEARD = " not heard"
WHY = re.compile(r"(?:sounds like (?P<like>.+?): (?P<parts>.+?)|(?P<written>.+?) as written)(?:; in (?P<place>.+))?")


def why(fit: Fit) -> str:
    """What of the name was heard as what. Says nothing of syllables that were written as they should be."""
    parts = []
    written = fit.name.syllables
    for at, token_at in fit.pairs:
        character = written[at]
        if token_at is None:
            parts.append((character, False))
        elif (heard := fit.heard.tokens[token_at]).text != character:
            said, meant = _sound(heard.sound[0]), next(iter(readings(character)), "?")
            parts.append((f"{heard.text}→{character} {said if said == meant else f'{said}/{meant}'}", True))
    return str(Why(fit.name.core, fit.place, tuple(parts)))


def read(text: str) -> Why | None:
    """What ``why`` said, taken apart; None when it is not of its making."""
    found = WHY.fullmatch(text)
    if not found:
        return None
    parts = found["parts"].split(", ") if found["parts"] else []
    told = tuple((part.removesuffix(NOT_HEARD), not part.endswith(NOT_HEARD)) for part in parts)
    return Why(found["like"] or found["written"], found["place"] or "", told)


def _sound(syllable: int) -> str:
    return SYLLABLES[syllable] if syllable < len(SYLLABLES) else "?"
