"""One reading of a sentence: everything it may mean to the hotline, found once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Self

from routing.speech import answering, emergencies, judging, needing, scope, wishing
from routing.speech.alike import Alike
from routing.speech.cut import Clause, clauses
from routing.speech.lexicon import Lexicon
from routing.speech.meaning import COUNTS, Emergency, Evidence, Meaning, Wish
from routing.speech.normalise import closed, normal
from routing.speech.numbers import Numerals, numbers
from routing.speech.vocabulary import Vocabulary, has, in_its_own_right
from routing.speech.weighing import Weights

OF_THE_LINE = frozenset({Wish.PERSON, Wish.AGAIN, Wish.SLOWER, Wish.LOUDER, Wish.HEAR, Wish.REDO})


@dataclass(frozen=True)
class Reader:
    """Understands one language. ``dial``: the number for each kind of emergency, ``""`` where there is none.

    ``weights``: a second opinion beside the words, where the language has one. ``own``: words that the line's people
    have added, normal, with the need that each stands for; ``dangers``: those that stand for an emergency, which no
    weight takes back; ``gone``: needs that are offered no more.
    """

    lexicon: Lexicon
    alike: Alike
    numerals: Numerals
    dial: Mapping[str, str]
    weights: Weights | None = None
    own: tuple[tuple[str, str], ...] = ()
    dangers: tuple[str, ...] = ()
    gone: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        tables: Mapping[str, Any],
        dial: Mapping[str, str] = MappingProxyType({}),
        languages: Mapping[str, Any] = MappingProxyType({}),
        weights: Iterable[str] = (),
    ) -> Self:
        """From a pack's words, the numbers to dial where we are, how the other *languages* are asked for, and the lines
        of the pack's table of weights."""
        counting = tables.get("numbers", {})
        spoken: dict[str, list[str]] = {}
        for name, digit in counting.get("numerals", {}).items():
            spoken.setdefault(digit, []).append(name)
        listed = {**tables, "languages": languages, "numbers": {"digit": spoken}}
        return cls(Lexicon.of(listed), Alike.of(tables), Numerals.of(counting), dial, Weights.of(weights))

    def also(self, vocabulary: Vocabulary) -> Self:
        """Who understands the line's own words as well."""
        return replace(
            self,
            lexicon=self.lexicon.also(vocabulary.tables()),
            dial={**self.dial, **dict(vocabulary.dial)},
            own=tuple((self.lexicon.normal(word), need) for word, need in vocabulary.needs),
            dangers=tuple(self.lexicon.normal(word) for word, _ in vocabulary.emergencies),
            gone=vocabulary.gone,
        )

    def read(self, text: str) -> Meaning:
        """What *text* means; any Unicode of any length, an empty text means nothing."""
        written = normal(text)
        plain = closed(written)
        meaning = self._by_words(text, written, plain)
        if self.weights is None or not plain or (meaning.emergency and self._is_own_danger(meaning)):
            return meaning
        return judging.judged(meaning, plain, self.weights, self.dial)

    def _is_own_danger(self, meaning: Meaning) -> bool:
        told = [each.words for each in meaning.why if each.fate == COUNTS and each.stands_for.startswith("emergency.")]
        return any(has(words, word) for words in told for word in self.dangers)

    def _by_words(self, text: str, written: str, plain: str) -> Meaning:
        found = clauses(written, self.lexicon)
        settings = scope.settings(found)
        alarms = [each for where in zip(found, settings, strict=True) for each in emergencies.found(*where)]
        needs = [in_its_own_right(each, self.own, self.gone) for each in needing.needs(found, settings)]
        wishes = list(wishing.wishes(found))
        languages = list(wishing.languages(found))
        said = list(_said(found))
        if not any((alarms, needs, wishes, languages, said)):
            heard = [each for each in self.alike.found(plain) if not _is_plain(each.words, found)]
            alarms = [each for each in heard if each.stands_for.startswith("emergency.")]
            needs = [each for each in heard if each.stands_for.startswith("need.")]
        kind = emergencies.kind(alarms)
        wished = frozenset(Wish(each.key) for each in wishes if each.fate == COUNTS)
        cancels, urgent = Wish.CANCEL in wished, kind is not None
        return Meaning(
            text=text,
            needs=() if cancels else needing.asked_for(needs, urgent=urgent, wishes=bool(wished & OF_THE_LINE)),
            emergency=Emergency(kind, self.dial.get(kind, ""), emergencies.is_despair(alarms)) if kind else None,
            answer=None if cancels else answering.answer(found),
            wishes=wished,
            language=next((each.key for each in languages if each.fate == COUNTS), None),
            choice=wishing.choice(found),
            numbers=numbers(plain, self.numerals),
            unknown=_has("unknown.words", found),
            hello=wishing.is_hello(found),
            why=(*alarms, *needs, *wishes, *languages, *said),
        )


def _is_plain(words: str, found: list[Clause]) -> bool:
    """Whether *words* are a part of a word that is nothing but itself, and sound like no other: 不去医院了."""
    plain = [word.text for clause in found for word in clause if any(tag.endswith(".plain") for tag in word.tags)]
    return any(words in text for text in plain)


def _has(tag: str, found: list[Clause]) -> bool:
    return any(tag in word.tags for clause in found for word in clause)


def _said(found: list[Clause]) -> list[Evidence]:
    """What else the words stand for that a reading shows."""
    shown = {
        **dict.fromkeys((answering.YES, answering.SURELY_YES), "answer.yes"),
        **dict.fromkeys((answering.NO, answering.SURELY_NO), "answer.no"),
        "unknown.words": "unknown",
    }
    return [
        Evidence(word.text, shown[tag])
        for clause in found
        for word in clause
        for tag in sorted(word.tags & shown.keys())
    ]
