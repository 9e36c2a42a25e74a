"""What does a sentence weigh for each thing it may be about? A second opinion, from short stretches of its letters.

Words that stand in no list are mostly made of stretches that others have (喷不出来, 喘得), and stand in familiar
company. What each stretch says was learned from labelled sentences (``python -m tests.routing.learn``) and lies as a
table beside a pack's words. Sums of its numbers are all that happens here: tens of microseconds a sentence, the same
answer every time, and the stretches that weighed most can be named.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from math import exp, sqrt

from routing.speech.normalise import HAN

LONGEST = 300  # letters that are weighed; what is longer has told by then what it is about
UNIT = 64  # a weight of 1 in the table
RUN = re.compile(rf"[{HAN}]+|[^\W\d_{HAN}]+(?:'[^\W\d_{HAN}]+)*")
NAMED = 3  # stretches that are told as reasons
EDGE = "^"
MOST_LETTERS = 20  # of a word
FINDING = "~"  # before what the lists of words found: one more thing that a sentence has


@dataclass(frozen=True, slots=True)
class Opinion:
    """``shares``: of each class, adding up to 1. ``said``: the stretches that were known, with what each weighs."""

    shares: Mapping[str, float]
    said: Sequence[tuple[str, tuple[int, ...]]]

    def of(self, name: str) -> float:
        """The share of a class; of one that was never learned, such as a need of the line's own, all."""
        return self.shares.get(name, 1.0)

    def reasons(self, name: str) -> tuple[str, ...]:
        """The stretches that spoke most for a class, against the average of all."""
        at = list(self.shares).index(name)
        spoke = sorted(self.said, key=lambda each: sum(each[1]) / len(each[1]) - each[1][at])
        return tuple(gram.strip(EDGE) for gram, row in spoke if gram[0] != FINDING and row[at] > 0)[:NAMED]


@dataclass(frozen=True, slots=True)
class Weights:
    """``classes``: what a sentence may be about; ``table``: what a stretch says of each, in ``UNIT``ths."""

    classes: tuple[str, ...]
    bias: tuple[int, ...]
    table: Mapping[str, tuple[int, ...]] = field(repr=False)

    @classmethod
    def of(cls, lines: Iterable[str]) -> "Weights | None":
        """From a table's lines: the classes, their biases, then a stretch a line; None of no lines."""
        rows = (line.split("\t") for line in lines)
        classes = next(rows, None)
        if classes is None:
            return None
        number = cache(int)  # each once: half a million objects fewer, and made no slower
        bias, *table = ((gram, tuple(map(number, numbers))) for gram, *numbers in rows)
        return cls(tuple(classes[1:]), bias[1], dict(table))

    def weigh(self, text: str, findings: Iterable[str] = ()) -> Opinion:
        """An opinion on a normal and closed *text*, of which the lists of words say *findings*."""
        table = self.table
        said = [(gram, row) for gram in features(text, findings) if (row := table.get(gram))]
        scale = 1 / sqrt(max(len(said), 1))
        columns = zip(*[row for _, row in said], strict=True) if said else ((0,) for _ in self.bias)
        heights = [(sum(column) * scale + bias) / UNIT for column, bias in zip(columns, self.bias, strict=True)]
        top = max(heights)
        lifted = [exp(height - top) for height in heights]
        whole = sum(lifted)
        return Opinion({name: each / whole for name, each in zip(self.classes, lifted, strict=True)}, said)


def features(text: str, findings: Iterable[str] = ()) -> Sequence[str]:
    """What of a normal and closed *text* is weighed, each once, in order: stretches of up to three Chinese characters
    and pairs around one; words, their pairs and stretches of their letters; and the *findings*."""
    words: list[str] = [EDGE]
    found: dict[str, None] = {}
    for run in RUN.findall(text[:LONGEST]):
        if run[0] < "\u2e80":
            words.append(run)
            found.update(dict.fromkeys(_letters(run)))
        else:
            found.update(dict.fromkeys(_characters(run)))
    if len(words) > 1:
        words.append(EDGE)
        found.update(dict.fromkeys(map(" ".join, pairwise(words))))
        found.update(dict.fromkeys(map(" _ ".join, zip(words, words[2:], strict=False))))
    found.update(dict.fromkeys(FINDING + finding for finding in findings))
    return tuple(found)


def _characters(run: str) -> list[str]:
    whole = f"{EDGE}{run}{EDGE}"
    pairs = [one + other for one, other in pairwise(whole)]
    around = [f"{one}_{other}" for one, other in zip(whole, whole[2:], strict=False)]
    return [*run, *pairs, *around, *(pair + third for pair, third in zip(pairs, whole[2:], strict=False))]


def _letters(word: str) -> list[str]:
    whole = f"<{word[:MOST_LETTERS]}>"
    return [word, *(f"#{whole[at : at + length]}" for length in (3, 4, 5) for at in range(len(whole) - length + 1))]
