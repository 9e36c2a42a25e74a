"""Learn what stretches of sentences weigh: ``python -m tests.routing.learn`` writes the packs' tables of weights.

From the labelled sentences less their unseen third, and from the lessons of ``sentences/lessons``: a label and a
sentence a line, with ways to say it in parentheses as in a pack's words; a line ``=name`` is a group that others name.
A multinomial logistic regression, by AdaGrad from one seed: the same sentences and words give the same table. What the
words of the packs find is one more thing to weigh; it is left out of most sentences, so that the letters are learned as
well, for words that no list has.

Source: Duchi, Hazan, Singer, Adaptive Subgradient Methods, https://jmlr.org/papers/v12/duchi11a.html
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import click
import numpy as np
from numpy.typing import NDArray

from prompts.pack import HERE
from prompts.reading import WORDS
from routing.speech.judging import EMERGENCY, NEED, NOTHING, findings
from routing.speech.normalise import closed, normal
from routing.speech.reading import Reader
from routing.speech.ways import filled, ways
from routing.speech.weighing import UNIT, Weights, features
from tests.routing.corpus import FOLDER, Sentence, readers, sentences

LESSONS = FOLDER / "lessons"
WAYS = 40  # of one lesson that are learned, drawn at random
TIMES, WITHOUT_FINDINGS = 2, 0.6  # how often a sentence is read, and how often without what the words found
ROUNDS, RATE, DECAY = 16, 0.3, 3e-4
SEEN_TWICE = 2  # what stands in one sentence only says nothing
SEED = 2026


@dataclass(frozen=True, slots=True)
class Lesson:
    sentence: str
    label: str  # need.food, emergency.fire, nothing


def label(each: Sentence) -> str:
    if each.emergency:
        return EMERGENCY + each.emergency
    return NEED + each.need.split("+")[0] if each.need else NOTHING


def lessons(language: str) -> Iterator[Lesson]:
    """What may be learned from; each sentence of the corpus that is not unseen, and of each lesson some ways."""
    rng = np.random.default_rng(SEED)
    yield from (
        Lesson(each.sentence, label(each)) for each in sentences() if each.language == language and not each.unseen()
    )
    for path in sorted(LESSONS.glob(f"{language}*.tsv")):
        groups: dict[str, list[str]] = {}
        for line in path.read_text("utf-8").splitlines():
            name, _, entry = line.partition("\t")
            if name.startswith("="):
                groups[name[1:]] = [entry]
                continue
            said = ways(filled(entry, groups))
            drawn = rng.choice(len(said), min(WAYS, len(said)), replace=False)
            yield from (Lesson(said[at], name) for at in drawn)


def learn(taught: Sequence[Lesson], reader: Reader) -> list[str]:
    """The lines of a table."""
    rng = np.random.default_rng(SEED)
    seen: list[Sequence[str]] = []
    for lesson in taught:
        plain = closed(normal(lesson.sentence))
        found = tuple(findings(reader.read(lesson.sentence)))
        seen += (features(plain, () if rng.random() < WITHOUT_FINDINGS else found) for _ in range(TIMES))
    counts = Counter(chain.from_iterable(seen))
    grams = [gram for gram, count in counts.items() if count >= SEEN_TWICE * TIMES]
    place = {gram: at for at, gram in enumerate(grams)}
    classes = sorted({lesson.label for lesson in taught})
    goals = np.repeat([classes.index(lesson.label) for lesson in taught], TIMES)
    rows = [np.array([place[gram] for gram in each if gram in place], np.intp) for each in seen]
    weights, bias = _fitted(rows, goals, len(grams), len(classes))
    return _table(classes, grams, weights, bias)


Array = NDArray[np.float64]


def _fitted(rows: Sequence[NDArray[np.intp]], goals: NDArray[np.intp], size: int, classes: int) -> tuple[Array, Array]:
    weights, bias = np.zeros((size, classes)), np.zeros(classes)
    squares, bias_squares = np.full_like(weights, 1e-8), np.full_like(bias, 1e-8)
    rng, order = np.random.default_rng(SEED), np.arange(len(rows))
    for _ in range(ROUNDS):
        rng.shuffle(order)
        for at in order:
            row = rows[at]
            scale = 1 / np.sqrt(max(len(row), 1))
            heights = weights[row].sum(0) * scale + bias
            slope = np.exp(heights - heights.max())
            slope /= slope.sum()
            slope[goals[at]] -= 1
            step = slope * scale + DECAY * weights[row]
            squares[row] += step**2
            weights[row] -= RATE * step / np.sqrt(squares[row])
            bias_squares += slope**2
            bias -= RATE / 10 * slope / np.sqrt(bias_squares)
    return weights, bias


def _table(classes: Sequence[str], grams: Sequence[str], weights: Array, bias: Array) -> list[str]:
    """All in order: those that tell little each make a twentieth of the readings right together."""
    whole = np.rint((weights - weights.mean(1, keepdims=True)) * UNIT).astype(int)
    kept = sorted(range(len(grams)), key=lambda at: grams[at])
    lines = ["\t".join(("", *classes)), "\t".join(("", *map(str, np.rint(bias * UNIT).astype(int))))]
    return lines + ["\t".join((grams[at], *map(str, whole[at]))) for at in kept]


@click.command(help=__doc__)
@click.option("--language", "languages", multiple=True, help="Of these only.")
def main(languages: tuple[str, ...]) -> None:
    for language, reader in readers().items():
        if languages and language not in languages:
            continue
        taught = list(lessons(language))
        lines = learn(taught, Reader(reader.lexicon, reader.alike, reader.numerals, reader.dial))
        (HERE / WORDS / f"{language}.weights").write_text("\n".join(lines) + "\n", "utf-8")
        right = _right(taught, Weights.of(lines), reader)
        click.echo(f"{language}: {len(taught)} sentences, {len(lines) - 2} stretches; of its lessons right {right:.3f}")


def _right(taught: Sequence[Lesson], weights: Weights | None, reader: Reader) -> float:
    assert weights
    shares = (
        weights.weigh(closed(normal(each.sentence)), findings(reader.read(each.sentence))).shares for each in taught
    )
    return sum(
        max(each, key=each.__getitem__) == lesson.label for each, lesson in zip(shares, taught, strict=True)
    ) / len(taught)


if __name__ == "__main__":
    main()
