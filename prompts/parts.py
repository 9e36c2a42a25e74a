"""Of which parts a sentence is made that can each be recorded: its texts between the blanks, and what fills those.

A recording belongs to a text of a language: whoever says the same says it with the same recording, and a sentence that
was rewritten is not heard in its old words.
"""

import string
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from functools import lru_cache

from prompts.pack import PAUSE, Pack
from prompts.telling import clock_sentence

MARKS = " .,;:!?，。；：！？、"
NUMBERED = "№"  # before a digit that is one of a number: 1 is said otherwise in 13800000001 than in "press 1"


@dataclass(frozen=True, slots=True)
class Blank:
    """What the call fills in."""

    name: str


def part(text: str) -> str:
    """What a recording of *text* is known by: itself without the marks and pauses at its ends. "": nothing is said."""
    pause = f"{{{PAUSE}}}"
    while text != (bare := text.strip(MARKS).removeprefix(pause).removesuffix(pause)):
        text = bare
    return text


@lru_cache(maxsize=4096)
def parts(sentence: str, hotline: str) -> tuple[str | Blank, ...]:
    """The parts of a pack's sentence, in their order. The hotline's name is a word like others."""
    found: list[str | Blank] = []
    text = ""
    for words, blank, _, _ in string.Formatter().parse(sentence):
        text += words
        if blank == PAUSE:
            text += f"{{{PAUSE}}}"
        elif blank == "hotline":
            text += hotline
        elif blank:
            found += [text, Blank(blank)]
            text = ""
    bare = (each if isinstance(each, Blank) else part(each) for each in (*found, text))
    return tuple(each for each in bare if each)


def digits(number: str) -> tuple[str, ...]:
    """The parts of a number that is read out digit by digit."""
    return tuple(f"{NUMBERED}{digit}" for digit in number)


def clock_parts(pack: Pack, when: time) -> Iterator[str]:
    """The part of the day, and the time without it, in the language's order: 早上, 8点半."""
    words, sentence = clock_sentence(pack, when)
    for each in parts(sentence, ""):
        yield part(words) if isinstance(each, Blank) else each
