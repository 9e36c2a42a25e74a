"""A sentence that somebody rewrote: what is wrong with it before any caller hears it, and how long it takes to say."""

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from prompts.pack import PAUSE, Pack
from prompts.scripts import LETTERS, script

HAN_PER_S, LETTERS_PER_S = 4, 12  # of a voice at 85 %: a text of the call read aloud with a watch
PAUSE_S, BLANK_S = 0.5, 1.0
MIN_LIMIT_S, LONGER = 6.0, 1.5  # a sentence may be half as long again as the one that comes with the pack
ANYWHERE = frozenset("0*")  # keys that work at every question: a person, and again
MARKUP = re.compile(r"[<>&]")


@dataclass(frozen=True, slots=True)
class Fault:
    """``kind``: empty, markup, text, braces, missing, unknown, key, must, script or long; ``what`` is meant by it."""

    kind: str
    what: str = ""


def tidy(text: str) -> str:
    """On one line: a voice reads no line ends."""
    return " ".join(text.split())


def faults(pack: Pack, key: str, text: str) -> list[Fault]:
    """Why the pack's sentence *key* cannot read so."""
    if not text:
        return [Fault("empty")]
    if found := MARKUP.search(text):
        return [Fault("markup", found[0])]
    if not text.isprintable():
        return [Fault("text")]
    try:
        has = _blanks(text)
    except ValueError:
        return [Fault("braces")]
    return [*_wrong(pack, key, text, has)]


def free_faults(pack: Pack, text: str, most_s: float) -> list[Fault]:
    """Why the pack's voice cannot say a text of its reader's own, without blanks and within *most_s* seconds."""
    if not text:
        return [Fault("empty")]
    if found := MARKUP.search(text):
        return [Fault("markup", found[0])]
    if not text.isprintable():
        return [Fault("text")]
    if "{" in text or "}" in text:
        return [Fault("braces")]
    wrong = [Fault("script", words) for words in _foreign(text, pack.voice["script"])]
    return wrong + ([Fault("long", f"{seconds(text):.0f} > {most_s:.0f}")] if seconds(text) > most_s else [])


def seconds(text: str) -> float:
    """How long an ordinary voice takes, within a second or so."""
    plain, spent_s = "", 0.0
    for words, blank, _, _ in string.Formatter().parse(text):
        plain += words
        spent_s += 0 if blank is None else PAUSE_S if blank == PAUSE else BLANK_S
    han = sum(script(character) == "Han" for character in plain)
    others = sum(character.isalnum() for character in plain) - han
    return spent_s + han / HAN_PER_S + others / LETTERS_PER_S


def recorded_limit_s(text: str, *, slow: bool) -> float:
    """As long as a recording of *text* may take; somebody who speaks slowly for the slow lane takes longer."""
    return max(MIN_LIMIT_S, LONGER * seconds(text)) * (LONGER if slow else 1)


def limit_s(pack: Pack, key: str) -> float:
    """As long as the pack's sentence *key* may take."""
    return max(MIN_LIMIT_S, LONGER * seconds(pack.say[key]))


def _wrong(pack: Pack, key: str, text: str, has: set[str]) -> Iterator[Fault]:
    shipped = pack.say[key]
    wanted = _blanks(shipped)
    yield from (Fault("missing", f"{{{blank}}}") for blank in sorted(wanted - has))
    yield from (Fault("unknown", f"{{{blank}}}") for blank in sorted(has - wanted))
    named = re.compile(pack.checks.keys)
    working = {*named.findall(shipped), *ANYWHERE}
    yield from (Fault("key", each) for each in dict.fromkeys(named.findall(text)) if each not in working)
    if (must := pack.checks.must.get(key)) and not any(word in text for word in must):
        yield Fault("must", " / ".join(must))
    yield from (Fault("script", words) for words in _foreign(text, pack.voice["script"]))
    if (takes_s := seconds(text)) > (limit := limit_s(pack, key)):
        yield Fault("long", f"{takes_s:.0f} > {limit:.0f}")


def _blanks(text: str) -> set[str]:
    """The names between braces, without pauses. Raises ``ValueError`` for any other use of braces."""
    found = set()
    for _, name, how, conversion in string.Formatter().parse(text):
        if name is None:
            continue
        if how or conversion or not name.isidentifier():
            raise ValueError(name)
        found.add(name)
    return found - {PAUSE}


def _foreign(text: str, own: str) -> Iterator[str]:
    """Words in letters that the voice cannot say."""
    plain = "".join(words for words, _, _, _ in string.Formatter().parse(text))
    for kind, run in groupby(plain, key=script):
        letters = "".join(run)
        if kind not in (None, own) and (kind != "Latin" or len(letters) > LETTERS):
            yield letters
