"""Why a match was decided so, and what of a name was heard as what: facts. Whoever tells people makes sentences."""

from dataclasses import dataclass
from enum import StrEnum

from routing.matching.ranking import Fit
from routing.speech.phonetics import SYLLABLES, readings


class Reason(StrEnum):
    """Why a match was decided so: every reason there is. They are kept with what callers said."""

    EMPTY = "empty_directory"
    SILENT = "nothing_said"
    PLACE_ONLY = "place_only"  # nothing but a street or a town was named: the match's first place
    UNLIKE = "nothing_like_it"
    TWICE = "heard_twice"


@dataclass(frozen=True, slots=True)
class Syllable:
    """One syllable of a name that was not as ``written``: ``heard`` as another, or, when that is empty, not at all.

    ``said`` and ``meant`` are how the two sound, in pinyin without tones.
    """

    written: str
    heard: str = ""
    said: str = ""
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """What speaks for a candidate: the ``name`` that was heard, the ``place`` named in front of it, or nothing.

    ``unlike`` are the syllables that were not as written; without any, the name was heard as it is written.
    """

    name: str
    place: str = ""
    unlike: tuple[Syllable, ...] = ()


def why(fit: Fit) -> Why:
    """What of the name was heard as what. Says nothing of syllables that were written as they should be."""
    unlike = []
    written = fit.name.syllables
    for at, token_at in fit.pairs:
        character = written[at]
        if token_at is None:
            unlike.append(Syllable(character))
        elif (heard := fit.heard.tokens[token_at]).text != character:
            meant = next(iter(readings(character)), "?")
            unlike.append(Syllable(character, heard.text, _sound(heard.sound[0]), meant))
    return Why(fit.name.core, fit.place, tuple(unlike))


def _sound(syllable: int) -> str:
    return SYLLABLES[syllable] if syllable < len(SYLLABLES) else "?"
