"""Numbers that are read out: 一三八, 二百零三, 1 3 8, "one three eight double oh" and "one thirty-eight".

The numerals are the pack's.

What is counted (两盒, 三楼, 八十岁) is no number, nor is a numeral inside a word (一定). Groups that are read with
pauses are one number; a number that is said twice is one.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from routing.speech.lexicon import ATOM, entries
from routing.speech.meaning import SpokenNumber
from routing.speech.ways import ways

TENS = {"十": 10, "百": 100}
HUNDRED, TWENTY_AND_MORE = 100, range(20, 100, 10)
SHORT = 8  # digits of a number without its area; what is shorter may be a part of one
WHOLE = 10  # no part of a number is as long
SHORTEST_TWICE = 7
WIDEST = 24  # characters between two parts of a number


@dataclass(frozen=True)
class Numerals:
    """A language's digits by their names (``digits``), what is worth more than one of them (``values``: thirty is 30),
    the words that repeat the next digit (``repeat``), what stands behind what is counted (``units``), before an
    extension, and between the parts of a number (``aside``)."""

    digits: Mapping[str, str]
    values: Mapping[str, int]
    repeat: Mapping[str, int]
    units: Sequence[str]
    extension: Sequence[str]
    aside: Sequence[str]

    @classmethod
    def of(cls, tables: Mapping[str, Any]) -> "Numerals":
        """From a pack's table of numbers."""
        words: dict[str, list[str]] = {}
        for name, entry in entries(tables):
            words.setdefault(name, []).extend(ways(entry))
        listed = (words.get(name, []) for name in ("units", "extension", "aside"))
        return cls(tables.get("numerals", {}), tables.get("values", {}), tables.get("repeat", {}), *listed)

    @cached_property
    def names(self) -> frozenset[str]:
        """Every word that may be a part of a number."""
        return frozenset(chain(self.digits, TENS, self.values, self.repeat))

    @cached_property
    def counted(self) -> re.Pattern[str]:
        return re.compile(rf"\s*(?:{_any(self.units)})" if self.units else "(?!)")

    @cached_property
    def extends(self) -> re.Pattern[str]:
        return re.compile(rf"\W*(?:{_any(self.extension)})\W*" if self.extension else "(?!)")

    @cached_property
    def repeated(self) -> re.Pattern[str]:
        """四个零, where it is written without a space; "double oh" is read atom by atom."""
        unspaced = [word for word in self.repeat if not word.isascii()]
        return re.compile(
            f"({'|'.join(unspaced)})([{''.join(filter(_single, self.digits))}0-9])" if unspaced else "(?!)"
        )

    @cached_property
    def hyphened(self) -> re.Pattern[str]:
        """Thirty-eight as far as its hyphen."""
        return re.compile(rf"({_any(tuple(self.values))})-(?={_any(tuple(self.digits))})" if self.values else "(?!)()")

    @cached_property
    def between(self) -> re.Pattern[str]:
        return re.compile(rf"(?:\W|{_any(self.aside)})*" if self.aside else r"\W*")


def _single(name: str) -> bool:
    return len(name) == 1


def _any(words: Sequence[str]) -> str:
    """One of *words*; one in Latin letters stands by itself."""
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word) for word in longest_first)


@dataclass(slots=True)
class _Run:
    digits: str
    start: int
    end: int


def numbers(text: str, numerals: Numerals) -> tuple[SpokenNumber, ...]:
    """The numbers in a normal and closed *text*, in order, each once."""
    text = numerals.repeated.sub(lambda found: found[2] * numerals.repeat[found[1]], text)
    text = numerals.hyphened.sub(r"\1 ", text)
    joined: list[_Run] = []
    said: list[SpokenNumber] = []
    extended: _Run | None = None  # the number whose extension may follow
    for run in _runs(text, numerals):
        last = joined[-1] if joined else None
        between = text[last.end : run.start] if last else ""
        if last and numerals.extends.fullmatch(between) and last is not extended:
            said[-1] = SpokenNumber(said[-1].digits, run.digits)
            last.end, extended = run.end, last
        elif last and last is not extended and _goes_on(last, run, between, numerals):
            zeros = len(run.digits) if _adds(last, run, text, numerals) else 0
            last.digits, last.end = last.digits[: len(last.digits) - zeros] + run.digits, run.end
            said[-1] = SpokenNumber(_once(last.digits))
        else:
            joined.append(run)
            said.append(SpokenNumber(_once(run.digits)))
    return tuple(dict.fromkeys(said))


def _goes_on(last: _Run, run: _Run, between: str, numerals: Numerals) -> bool:
    """Whether a run is a part of the number before it: 138，1234，5678; or the same again, which ``_once`` drops."""
    if len(between) > WIDEST or not numerals.between.fullmatch(between):
        return False
    if last.digits == run.digits and len(run.digits) >= SHORTEST_TWICE:
        return True
    if len(last.digits) >= WHOLE:
        return False
    return len(run.digits) < SHORT or last.digits.startswith("0") or not between.strip(" -")


def _adds(last: _Run, run: _Run, text: str, numerals: Numerals) -> bool:
    """Whether a word between says that it is added: a hundred and five is 105, and eight hundred, five is 8005."""
    unit = numerals.values.get(text[last.start : last.end].rsplit(maxsplit=1)[-1], 0)
    return len(run.digits) < len(str(unit)) and any(map(str.isalpha, text[last.end : run.start]))


def _once(digits: str) -> str:
    half = len(digits) // 2
    return digits[:half] if half >= SHORTEST_TWICE and digits[:half] == digits[half:] else digits


def _runs(text: str, numerals: Numerals) -> Iterator[_Run]:
    """The numerals that stand together, less what is counted and what is a part of a word."""
    run: list[tuple[str, int, int]] = []
    for atom in ATOM.finditer(text):
        name = atom.group()
        if _is_numeral(name, numerals):
            if run and text[run[-1][2] : atom.start()].strip():
                yield from _run(text, run, numerals)
                run = []
            run.append((name, atom.start(), atom.end()))
        elif run:
            yield from _run(text, run, numerals)
            run = []
    if run:
        yield from _run(text, run, numerals)


def _is_numeral(name: str, numerals: Numerals) -> bool:
    return name in numerals.names or name.isdecimal()


def _run(text: str, atoms: Sequence[tuple[str, int, int]], numerals: Numerals) -> Iterator[_Run]:
    start, end = atoms[0][1], atoms[-1][2]
    names = [name for name, _, _ in atoms]
    digits = _value(names, numerals) if any(name in TENS for name in names) else _spelt(names, numerals)
    short = len(digits) <= 4
    if short and (numerals.counted.match(text, end) or text[max(0, start - 1) : start] == "第"):
        return
    alone = not (_letter(text, start - 1) or _letter(text, end))
    if digits and (len(digits) > 1 or alone or names[0].isdecimal()):
        yield _Run(digits, start, end)


def _letter(text: str, at: int) -> bool:
    """Whether a letter stands at once beside, so that the numeral belongs to a word."""
    return 0 <= at < len(text) and text[at].isalpha()


def _spelt(names: Sequence[str], numerals: Numerals) -> str:
    """Digit by digit, or in twos and hundreds as English has it: double oh is 00, one thirty eight is 138."""
    groups: list[str] = []
    times, tens = 1, False  # tens: whether the last group has room for a digit
    for name in names:
        if name in numerals.repeat:
            times, tens = numerals.repeat[name], False
        elif value := numerals.values.get(name):
            if value < HUNDRED:
                groups.append(str(value))
            else:
                groups.append((groups.pop() if groups else "1") + str(value)[1:])
            times, tens = 1, value in TWENTY_AND_MORE
        else:
            digit = numerals.digits.get(name) or _plain(name)
            if tens and len(digit) == 1 and digit != "0":
                groups[-1] = groups[-1][0] + digit
            else:
                groups.append(digit * times)
            times, tens = 1, False
    return "".join(groups)


def _plain(digits: str) -> str:
    """Digits of any script as ASCII: ٣ is 3."""
    return "".join(str(unicodedata.decimal(digit)) for digit in digits)


def _value(names: Sequence[str], numerals: Numerals) -> str:
    """A number that is said by its value: 二百零三 is 203, 十二 is 12."""
    total, digit = 0, ""
    for name in names:
        if name in TENS:
            total += int(digit or 1) * TENS[name]
            digit = ""
        else:
            digit = _spelt([name], numerals).lstrip("0")
    return str(total + int(digit or 0))
