"""A sentence made of recordings: of its own texts, and of what fills its blanks, number by number and name by name."""

from collections.abc import Iterator
from datetime import time

from ivr.flow.types import Say
from ivr.voice.filling import as_dialled, told
from prompts import NUMBERS, Clip, Pack
from prompts.parts import Blank, clock_parts, digits, part, parts

ADDRESS = "message"  # the blank that is filled with the address of a sound


def sounds(say: Say, pack: Pack) -> list[Clip | str] | None:
    """What is played for the sentence: recordings, and addresses of other sounds. None: not all of it is recorded."""
    if not pack.clips:
        return None
    found: list[Clip | str] = []
    for each in parts(pack.say[say.key], pack.hotline):
        if isinstance(each, Blank) and each.name == ADDRESS:
            found.append(say.values[ADDRESS])
            continue
        for text in _filled(each, say, pack) if isinstance(each, Blank) else (each,):
            if (clip := pack.clip(text)) is None:
                return None
            found.append(clip)
    return found


def _filled(blank: Blank, say: Say, pack: Pack) -> Iterator[str]:
    """The texts that fill it, each of which can have a recording."""
    value = say.values[blank.name]
    if blank.name in NUMBERS:
        yield from digits(as_dialled(value))
    elif blank.name == "clock":
        yield from clock_parts(pack, time.fromisoformat(value))
    else:
        yield part(told(blank.name, say, pack))
