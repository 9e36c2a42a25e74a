"""What can be recorded in a language: the sentences' own texts, and what fills their blanks from a short list."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import time

from prompts.pack import Pack
from prompts.parts import Blank, clock_parts, digits, part, parts
from prompts.telling import counted

HOURS, HALVES = 24, (0, 30)
# How far things are counted in sentences, by unit: further on the voice says them.
COUNTED = {"minutes": range(1, 61), "hours": range(1, 25), "callers": range(1, 11)}
TEN = "0123456789"


def texts(sentence: str, hotline: str) -> tuple[str, ...]:
    """The texts of a sentence that can each be recorded; its blanks are filled from ``fillings``, and with names."""
    return tuple(dict.fromkeys(each for each in parts(sentence, hotline) if not isinstance(each, Blank)))


def progress(pack: Pack, key: str) -> tuple[int, int]:
    """How many of a sentence's own texts are recorded, of how many."""
    own = texts(pack.say[key], pack.hotline)
    return sum(pack.clip(text) is not None for text in own), len(own)


def is_made(pack: Pack, key: str) -> bool:
    """Whether a dialect has the sentence, recorded or in its own words; its base says it otherwise."""
    done, of = progress(pack, key)
    return key in pack.own or (done == of and of > 0) or of == 0


def fillings(pack: Pack) -> Mapping[str, tuple[str, ...]]:
    """What fills blanks, by what it is: numbers, keys, needs, who, counted, days, times."""
    return {
        "numbers": digits(TEN),
        "keys": tuple(TEN),
        "needs": _parts(pack.needs.values()),
        "who": _parts(pack.who.values()),
        "counted": _parts(_counted(pack)),
        "days": _parts((*pack.times.days, *pack.times.weekdays)),
        "times": tuple(
            dict.fromkeys(
                each for hour in range(HOURS) for minute in HALVES for each in clock_parts(pack, time(hour, minute))
            )
        ),
    }


def _parts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(part, values)))


def _counted(pack: Pack) -> Iterator[str]:
    for unit, numbers in COUNTED.items():
        yield from (counted(pack, unit, number) for number in numbers)
