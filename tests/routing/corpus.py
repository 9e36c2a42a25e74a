"""The labelled sentences of ``tests/routing/sentences``, and how well a reading does on them.

``python -m tests.routing.corpus`` prints the table on the unseen third; ``--seen`` on the rest, with ``--fault`` each
sentence that was misread so. Which third is unseen is drawn by ``--draw``: a sentence's hash with that salt.
"""

import csv
import hashlib
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from ivr.line import shipped_reader
from prompts import shipped
from routing.speech.meaning import Meaning
from routing.speech.normalise import normal
from routing.speech.reading import Reader

FOLDER = Path(__file__).with_name("sentences")
ASKED_YES_NO = ("known", "confirm", "returning")
DRAW = "2026"
NO_LETTER = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line: what was said, to which question, and what a careful dispatcher would take it for.

    ``need`` and ``wish``: several are joined by +; empty: nothing of the kind.
    """

    sentence: str
    language: str
    question: str
    need: str
    emergency: str
    answer: str
    wish: str
    number: str
    kind: str

    @property
    def needs(self) -> set[str]:
        return set(filter(None, self.need.split("+")))

    def unseen(self, draw: str = DRAW) -> bool:
        """Whether it belongs to the third that is not looked at while words are added; however it is written."""
        letters = NO_LETTER.sub("", normal(self.sentence))
        return hashlib.sha256(f"{draw} {letters}".encode()).digest()[0] % 3 == 0


def sentences(folder: Path = FOLDER) -> Iterator[Sentence]:
    for path in sorted(folder.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield Sentence(**row)


def readers() -> dict[str, Reader]:
    packs = tuple(shipped().values())
    return {pack.language: shipped_reader(packs, pack.language, "CN") for pack in packs}


def faults(each: Sentence, meaning: Meaning) -> Iterator[str]:
    """What a reading got wrong, by the names that the table uses."""
    first = meaning.needs[:1]  # the one that the call goes on with
    if each.needs and not each.needs.intersection(first):
        yield "need asked" if each.needs.intersection(meaning.near) else "need missed"
    elif meaning.near:
        yield "asked in vain"
    if not each.needs.issuperset(first):
        yield "need wrong"
    if each.emergency and not meaning.emergency:
        yield "emergency asked" if meaning.alarm else "emergency missed"
    if meaning.alarm and not each.emergency:
        yield "alarm asked in vain"
    if meaning.emergency and not each.emergency:
        yield "false alarm"
    if meaning.emergency and each.emergency and meaning.emergency.kind != each.emergency:
        yield "emergency kind"
    answer = {True: "yes", False: "no", None: ""}[meaning.answer]
    if each.answer and answer != each.answer:
        yield "answer missed"
    if each.question in ASKED_YES_NO and answer and answer != each.answer:
        yield "answer wrong"
    said = {*meaning.wishes, *(["unknown"] * meaning.unknown), *(["hello"] * meaning.hello)}
    said |= {f"language:{meaning.language}"} if meaning.language else set()
    wished = set(filter(None, each.wish.split("+")))
    if wished - said:
        yield "wish missed"
    if (said - wished) & {"person", "cancel", "status", "hear", "slower", "louder", "language:en", "language:zh"}:
        yield "wish wrong"
    if each.number:
        digits, _, extension = each.number.lstrip("+").partition("x")
        heard = {(number.digits, number.extension) for number in meaning.numbers}
        if (digits, extension) not in heard and str(meaning.choice or "") != each.number:
            yield "number missed"
    elif meaning.numbers and each.question == "callback":
        yield "number wrong"


WHOLE = {  # of which sentences a fault is a share
    "need missed": lambda each: bool(each.needs),
    "need asked": lambda each: bool(each.needs),
    "emergency missed": lambda each: bool(each.emergency),
    "emergency asked": lambda each: bool(each.emergency),
    "emergency kind": lambda each: bool(each.emergency),
    "false alarm": lambda each: not each.emergency,
    "answer missed": lambda each: bool(each.answer),
    "answer wrong": lambda each: each.question in ASKED_YES_NO,
    "wish missed": lambda each: bool(each.wish),
    "number missed": lambda each: bool(each.number),
    "number wrong": lambda each: each.question == "callback" and not each.number,
}


def table(chosen: Sequence[Sentence]) -> tuple[str, list[tuple[str, Sentence, Meaning]]]:
    """The shares of what was misread, a line each, and every misreading."""
    understand = readers()
    wrong = []
    count: Counter[str] = Counter()
    took = []
    for each in chosen:
        understand[each.language].read(each.sentence)  # a pattern is made when it is first needed
    for each in chosen:
        began = time.process_time()
        meaning = understand[each.language].read(each.sentence)
        took.append(time.process_time() - began)
        for fault in faults(each, meaning):
            count[fault] += 1
            wrong.append((fault, each, meaning))
    lines = [f"{len(chosen)} sentences; a reading takes {sorted(took)[len(took) * 99 // 100] * 1000:.2f} ms (p99)"]
    for fault in (*WHOLE, "need wrong", "asked in vain", "alarm asked in vain", "wish wrong"):
        of = sum(map(WHOLE.get(fault, bool), chosen))
        lines.append(f"{fault:20}{count[fault]:5} of {of:5}  {count[fault] / max(of, 1):.4f}")
    return "\n".join(lines), wrong


@click.command(help=__doc__)
@click.option("--seen", is_flag=True, help="The two thirds that may be looked at.")
@click.option("--fault", "named", multiple=True, help="Print the misreadings of this name, of the seen part.")
@click.option("--language", help="Of these sentences only: zh, en.")
@click.option("--draw", default=DRAW, help="The salt that draws the unseen third.")
@click.option("--folder", type=click.Path(path_type=Path), default=FOLDER)
def main(*, seen: bool, named: tuple[str, ...], language: str | None, draw: str, folder: Path) -> None:
    chosen = [each for each in sentences(folder) if each.unseen(draw) != seen and language in (None, each.language)]
    shares, wrong = table(chosen)
    click.echo(shares)
    for fault, each, meaning in wrong if seen else ():
        if fault in named:
            why = " ".join(f"{seen.words}={seen.stands_for}:{seen.fate}" for seen in meaning.why)
            label = [*filter(None, (each.need, each.emergency, each.answer, each.wish, each.number))]
            click.echo(f"{fault}: {each.sentence} {label} [{why}]")


if __name__ == "__main__":
    main()
