"""What a caller wants of the line itself, whether they only greet it, what they choose, which language they ask for."""

from collections.abc import Iterator, Sequence

from routing.speech import scope
from routing.speech.cut import PARTICLE, Clause, Word
from routing.speech.meaning import COUNTS, LAST, Evidence, Wish

PLACES = {"choices.first": 1, "choices.second": 2, "choices.third": 3, "choices.fourth": 4, "choices.last": LAST}
DIGIT = "numbers.digit"
PRESSED = frozenset({"choices.press", "choices.counted", PARTICLE})
WISHES = frozenset(Wish)


def wishes(clauses: Sequence[Clause]) -> Iterator[Evidence]:
    """Every word that stands for a wish. Only a person can be denied: the other words hold their own denials."""
    for clause in clauses:
        for at, word in enumerate(clause):
            for tag in word.tags:
                table, _, wish = tag.partition(".")
                if table == "wishes" and wish in WISHES:
                    denied = wish == Wish.PERSON and scope.denied(clause, at)
                    yield Evidence(word.text, f"wish.{wish}", "denied" if denied else COUNTS)


def languages(clauses: Sequence[Clause]) -> Iterator[Evidence]:
    """Every word that asks for a language: 我不会说英语 does not."""
    for clause in clauses:
        for at, word in enumerate(clause):
            for tag in word.tags:
                table, _, language = tag.partition(".")
                if table == "languages":
                    denied = scope.denied(clause, at, (scope.DENY, scope.FEAR))
                    yield Evidence(word.text, f"language.{language}", "denied" if denied else COUNTS)


def is_hello(clauses: Sequence[Clause]) -> bool:
    """Whether it is a greeting and nothing else."""
    words = [word for clause in clauses for word in clause]
    greets = ["hello.words" in word.tags for word in words]
    return any(greets) and all(greeting or PARTICLE in word.tags for greeting, word in zip(greets, words, strict=True))


def choice(clauses: Sequence[Clause]) -> int | None:
    """The key or the place in a list that was chosen: 一, 按1, 第一个, "the last one". The last said counts.

    A bare digit is no choice among words that nobody knows.
    """
    known = all(word.known or _digit(word) is not None for clause in clauses for word in clause)
    chosen = [place for clause in clauses if (place := _chosen(clause, known=known)) is not None]
    return chosen[-1] if chosen else None


def _chosen(clause: Clause, *, known: bool) -> int | None:
    for word in clause:
        for tag in word.tags & PLACES.keys():
            return PLACES[tag]
    if not (known or any("choices.press" in word.tags for word in clause)):
        return None
    digits = [digit for word in clause if (digit := _digit(word)) is not None]
    pressed = all(_digit(word) is not None or word.tags & PRESSED for word in clause)
    return digits[0] if len(digits) == 1 and pressed else None


def _digit(word: Word) -> int | None:
    """The key a word names. The value stands in the tag, because numerals are the pack's."""
    if len(word.text) == 1 and word.text.isdecimal():
        return int(word.text)
    return next((int(tag.removeprefix(f"{DIGIT}.")) for tag in word.tags if tag.startswith(f"{DIGIT}.")), None)
