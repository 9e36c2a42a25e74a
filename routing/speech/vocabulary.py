"""Words that the people of a line have added to those a language comes with: plain ones, as callers say them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from routing.speech.meaning import Evidence
from routing.speech.needing import OTHER


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """``needs`` and ``emergencies``: words with what they stand for (``heating``; ``medical``); ``dial``: kinds of
    emergency with the number that is dialled here; ``gone``: needs that are offered no more.

    Can be hashed, so that what understands it is made once.
    """

    needs: tuple[tuple[str, str], ...] = ()
    gone: frozenset[str] = frozenset()
    emergencies: tuple[tuple[str, str], ...] = ()
    dial: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return self != Vocabulary()

    def tables(self) -> Mapping[str, Any]:
        """As a pack lists its words: a need's are things, which are asked for or mentioned."""
        return {"needs": _listed(self.needs, "things"), "emergencies": _listed(self.emergencies, "words")}


def _listed(words: Iterable[tuple[str, str]], kind: str) -> dict[str, dict[str, list[str]]]:
    tables: dict[str, dict[str, list[str]]] = {}
    for word, stands_for in words:
        tables.setdefault(stands_for, {}).setdefault(kind, []).append(word)
    return tables


def in_its_own_right(evidence: Evidence, words: Iterable[tuple[str, str]], gone: Collection[str]) -> Evidence:
    """What a language knows as anything else (暖气不热) stands for the need whose word (暖气, normal) it has in it; and
    so does what it knows as a need that is *gone*.
    """
    if evidence.key != OTHER and evidence.key not in gone:
        return evidence
    need = next((need for word, need in words if has(evidence.words, word)), evidence.key)
    return Evidence(evidence.words, f"need.{need}", evidence.fate)


def has(words: str, word: str) -> bool:
    """Whether *word* stands in them; in Latin script, between spaces."""
    return f" {word} " in f" {words} " if word.isascii() else word in words
