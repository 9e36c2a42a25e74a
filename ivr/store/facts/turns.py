"""What is kept of a turn: what was heard, and what was understood of it. Examples: ``HEARD``, ``UNDERSTOOD``.

These are dictionaries, because a database asks for their fields and the API hands them on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any, NotRequired, TypedDict, cast

from routing import matching
from routing.matching.explain import Reason, Syllable, Why
from routing.speech.meaning import Evidence

MOST_READ = 12  # words of a sentence that are kept: a rambling one has more than anybody reads
WORTH_KEEPING = 40  # of 100: what scored less only happened to come nearest


class HeardKind(StrEnum):
    """What the caller did. The names are those of ``ivr.flow.types``, but for the call's arrival."""

    ARRIVED = "arrived"
    KEYS = "keys"
    SPEECH = "speech"
    SILENCE = "silence"
    RECORDED = "recorded"
    RANG = "rang"


class Heard(TypedDict):
    """``text``: the keys or the words, masked when they are private; ``seconds``: of a message, null when unknown."""

    kind: str
    text: NotRequired[str]
    seconds: NotRequired[int | None]


class Candidate(TypedDict):
    """A community that may have been named. ``score`` 0-100; ``sounded``: what of its name was heard as what.

    ``why`` is that in English, from a release of before whose words nobody can read any more.
    """

    code: str
    name: str
    street: str
    score: int
    sounded: NotRequired[dict[str, Any]]
    why: NotRequired[str]


class Match(TypedDict):
    """How sure a community was: ``decision`` is one of ``routing.matching.Decision``, ``because`` one of ``Reason``.

    ``place`` is the street or town that was named. ``reason`` is, in English, as a candidate's ``why``.
    """

    decision: str
    candidates: list[Candidate]
    because: NotRequired[str]
    place: NotRequired[str]
    reason: NotRequired[str]


class Read(TypedDict):
    """Words of a sentence, what they stand for, and what became of that: ``routing.speech.meaning.Evidence``."""

    words: str
    stands_for: str
    fate: str


class Understood(TypedDict, total=False):
    """What the turn taught: the fields of the ticket that changed, the match when words may have named a place, and how
    the sentence was read.
    """

    spoke: bool
    language: str
    need: str | None
    community: str | None
    urgent: bool
    wants_person: bool
    talked: bool
    for_another: bool
    presumed: bool
    cancelled: bool
    match: Match
    read: list[Read]


def understood(learned: Mapping[str, Any], match: matching.Match | None, why: Sequence[Evidence] = ()) -> Understood:
    """What a turn taught, as it is kept: nothing but the fields above, so that a number to call back never is."""
    kept: Any = {name: value for name, value in learned.items() if name in Understood.__annotations__}
    if match:
        kept["match"] = kept_match(match)
    if why:
        kept["read"] = [asdict(each) for each in why[:MOST_READ]]
    return cast(Understood, kept)


def kept_match(match: matching.Match) -> Match:
    """A match as it is kept."""
    kept = Match(decision=match.decision.value, candidates=[_kept(each) for each in match.candidates if _worth(each)])
    if match.reason:
        kept["because"] = match.reason.value
    if match.reason is Reason.PLACE_ONLY:
        kept["place"] = match.places[0]
    return kept


def _worth(candidate: matching.Candidate) -> bool:
    return candidate.score >= WORTH_KEEPING


def _kept(candidate: matching.Candidate) -> Candidate:
    place = candidate.community
    kept = Candidate(code=place.code, name=place.name, street=place.street, score=round(candidate.score))
    if candidate.why:
        kept["sounded"] = _without_empty(asdict(candidate.why))
        kept["sounded"]["unlike"] = [_without_empty(asdict(each)) for each in candidate.why.unlike]
    return kept


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def why(candidate: Mapping[str, Any]) -> Why | None:
    """What was kept of what speaks for a candidate."""
    sounded = candidate.get("sounded")
    if sounded is None:
        return None
    return Why(sounded["name"], sounded.get("place", ""), tuple(Syllable(**each) for each in sounded["unlike"]))


HEARD: tuple[Heard, ...] = (
    {"kind": "arrived"},
    {"kind": "keys", "text": "1"},
    {"kind": "speech", "text": "我在银杏社区，想买点药"},
    {"kind": "silence"},
    {"kind": "recorded", "seconds": 12},
    {"kind": "rang"},
)
UNDERSTOOD: Understood = {
    "spoke": True,
    "need": "medicine",
    "match": {
        "decision": "confirm",
        "because": "heard_twice",
        "candidates": [
            {
                "code": "330206001001",
                "name": "银杏社区",
                "street": "新碶街道",
                "score": 71,
                "sounded": {
                    "name": "银杏",
                    "place": "新碶街道",
                    "unlike": [
                        {"written": "银", "heard": "迎", "said": "ying", "meant": "yin"},
                        {"written": "杏"},
                    ],
                },
            }
        ],
    },
}
