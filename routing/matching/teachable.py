"""May a phrase be taught as another name of a community? What speaks against it."""

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum

from routing.directory import Community
from routing.matching.matcher import Matcher
from routing.speech import names
from routing.speech.names import MAX_SYLLABLES, Name
from routing.speech.phonetics import DATA, HAN, NO_SYLLABLE
from routing.speech.phrases import SHORTEST

GENERIC = re.compile(f"(?:{'|'.join(tomllib.loads((DATA / 'generic.toml').read_text('utf-8'))['words'])})+")


class Doubt(StrEnum):
    """Why a phrase must not be taught."""

    SHORT = "short"  # one syllable, or none that can be compared
    LONG = "long"  # more than is ever compared: a sentence, no name
    GENERIC = "generic"  # there is one everywhere, or it is a street or a town
    KNOWN = "known"  # it is the community's name already
    TAKEN = "taken"  # it sounds just like the name of another community, whose callers it would mislead


@dataclass(frozen=True, slots=True)
class Objection:
    """One doubt; ``others`` are the communities that have the name already."""

    doubt: Doubt
    others: tuple[Community, ...] = ()


def objection(phrase: str, code: str, matcher: Matcher) -> Objection | None:
    """What speaks against teaching *phrase* as a name of the community *code*; None when it may be taught."""
    name = names.parse(phrase)
    core, syllables = name.core, name.syllables
    if len(syllables) < SHORTEST or not all(HAN.fullmatch(each) or each.isalpha() for each in syllables):
        return Objection(Doubt.SHORT)
    if len(syllables) > MAX_SYLLABLES:
        return Objection(Doubt.LONG)
    fits, hits = matcher.ranker.rank(core)
    alike = {fit.row: fit.name for fit in fits if _heard(fit.name) == _heard(name)}
    bearers = [matcher.directory[row] for row in alike]
    if others := tuple(each for each in bearers if each.code != code):
        return Objection(Doubt.TAKEN, others)
    if any(each.syllables == syllables for each in alike.values()):
        return Objection(Doubt.KNOWN)
    if GENERIC.fullmatch(core) or names.place(core) in {names.place(hit.name) for hit in hits}:
        return Objection(Doubt.GENERIC)
    return None


def _heard(name: Name) -> list[int | str]:
    """How a recogniser hears it, whatever it writes: the usual reading of each character."""
    both = zip(name.sounds, name.syllables, strict=True)
    return [sound[0] if sound[0] != NO_SYLLABLE else written for sound, written in both]
