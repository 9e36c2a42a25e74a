"""What a sentence may mean that its words alone do not say. The weights take nothing: the caller is asked.

The words (``reading``) know denials, the past and what is only told, and what they find stands. The weights
(``weighing``) know ways of saying things that stand in no list, but are sure of nonsense too; so what they find where
the words found nothing stands as ``near`` or ``alarm`` in the meaning, for a question that yes or no can answer.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from routing.speech.meaning import Emergency, Evidence, Meaning
from routing.speech.weighing import Opinion, Weights

NEED, EMERGENCY, NOTHING = "need.", "emergency.", "nothing"
PERHAPS = "perhaps"  # the fate of what is to be asked about
# Shares of an opinion from which on it is asked about.
ALARM, NEAR = 0.5, 0.35
AT_MOST = 2  # needs among which a caller is asked


def findings(meaning: Meaning) -> Iterator[str]:
    """What the words of a sentence found, for the weights to know."""
    yield from (f"{each.stands_for}:{each.fate}" for each in meaning.why)
    yield f"first={meaning.needs[0] if meaning.needs else ''}"
    yield f"alarm={meaning.emergency.kind if meaning.emergency else ''}"
    if meaning.answer is not None:
        yield "answer"
    if meaning.hello:
        yield "hello"


def judged(meaning: Meaning, plain: str, weights: Weights, dial: Mapping[str, str]) -> Meaning:
    """*meaning*, with what the weights of the same sentence (*plain*: normal and closed) have to say."""
    if meaning.emergency or meaning.needs or _says_something_else(meaning):
        return meaning
    opinion = weights.weigh(plain, findings(meaning))
    dangers, needs = _of(opinion, EMERGENCY), _of(opinion, NEED)
    if sum(dangers.values()) >= ALARM:
        kind = max(dangers, key=dangers.__getitem__)
        why = (*meaning.why, _evidence(opinion, f"{EMERGENCY}{kind}"))
        return replace(meaning, alarm=Emergency(kind, dial.get(kind, "")), why=why)
    likely = sorted((need for need in needs if needs[need] >= NEAR), key=lambda need: -needs[need])[:AT_MOST]
    why = (*meaning.why, *(_evidence(opinion, f"{NEED}{need}") for need in likely))
    return replace(meaning, near=tuple(likely), why=why)


def _says_something_else(meaning: Meaning) -> bool:
    """Whether the words have found what the sentence is about: an answer, a wish, a number."""
    found: Collection[object] = (meaning.wishes, meaning.language, meaning.numbers, meaning.unknown, meaning.hello)
    return any(found) or meaning.answer is not None or meaning.choice is not None


def _of(opinion: Opinion, kind: str) -> dict[str, float]:
    return {name.removeprefix(kind): share for name, share in opinion.shares.items() if name.startswith(kind)}


def _evidence(opinion: Opinion, stands_for: str) -> Evidence:
    return Evidence(" ".join(opinion.reasons(stands_for)), stands_for, PERHAPS)
