"""Whether the words and the weights of a sentence agree. Where they do not, the caller is asked what was meant.

The words (``reading``) know denials, the past and what is only told; the weights (``weighing``) know ways of saying
things that stand in no list. What both hold is taken, what one of them is sure of against the other's doubt is taken
too, and what is between stands as ``near`` or ``alarm`` in the meaning, for a question that yes or no can answer.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from routing.speech.meaning import Emergency, Evidence, Meaning
from routing.speech.weighing import Opinion, Weights

NEED, EMERGENCY, NOTHING = "need.", "emergency.", "nothing"
WEIGHED, PERHAPS = "weighed", "perhaps"  # fates: taken by its weight alone; to be asked about
# Shares of an opinion, chosen on sentences that no weight was learned from (docs/measurements.md).
ALARM, ALARM_DOUBTED, ALARM_DISMISSED = 0.8, 0.35, 0.15  # taken; asked, when no word says so; asked, though one does
TAKEN, ASKED, DISMISSED = 0.7, 0.35, 0.1  # a need: taken; asked, when no word says so; asked, though one does
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
    opinion = weights.weigh(plain, findings(meaning))
    settled = _alarmed(meaning, opinion, dial)
    if settled.emergency or settled.alarm:
        return settled
    return _needed(settled, opinion)


def _alarmed(meaning: Meaning, opinion: Opinion, dial: Mapping[str, str]) -> Meaning:
    """Danger is believed of either; only where the other finds next to none, or too little alone, it is asked about."""
    shares = _of(opinion, EMERGENCY)
    danger = sum(shares.values())
    if meaning.emergency:
        if danger >= ALARM_DISMISSED:
            return meaning
        return replace(meaning, emergency=None, alarm=meaning.emergency)
    if danger < ALARM_DOUBTED or not shares:
        return meaning
    kind = max(shares, key=shares.__getitem__)
    found = Emergency(kind, dial.get(kind, ""))
    sure = danger >= ALARM
    why = (*meaning.why, _evidence(opinion, f"{EMERGENCY}{kind}", WEIGHED if sure else PERHAPS))
    return replace(meaning, why=why, **{"emergency" if sure else "alarm": found})


def _needed(meaning: Meaning, opinion: Opinion) -> Meaning:
    shares = _of(opinion, NEED)
    best = max(shares, key=shares.__getitem__)
    if meaning.needs:
        said = meaning.needs[0]
        if shares.get(said, 1.0) >= DISMISSED or shares[best] + opinion.shares[NOTHING] < TAKEN:
            return meaning
        near = tuple(dict.fromkeys((best, said))) if shares[best] >= ASKED else (said,)
        why = tuple(replace(each, fate=PERHAPS) if each.key == said else each for each in meaning.why)
        return replace(meaning, needs=(), near=near, why=why)
    if _says_something_else(meaning):
        return meaning
    if shares[best] >= TAKEN:
        return replace(meaning, needs=(best,), why=(*meaning.why, _evidence(opinion, f"{NEED}{best}", WEIGHED)))
    near = tuple(sorted((need for need in shares if shares[need] >= ASKED), key=lambda need: -shares[need]))[:AT_MOST]
    why = (_evidence(opinion, f"{NEED}{need}", PERHAPS) for need in near)
    return replace(meaning, near=near, why=(*meaning.why, *why))


def _says_something_else(meaning: Meaning) -> bool:
    """Whether the words have found what the sentence is about: an answer, a wish, a number."""
    found: Collection[object] = (meaning.wishes, meaning.language, meaning.numbers, meaning.unknown, meaning.hello)
    return any(found) or meaning.answer is not None or meaning.choice is not None


def _of(opinion: Opinion, kind: str) -> dict[str, float]:
    return {name.removeprefix(kind): share for name, share in opinion.shares.items() if name.startswith(kind)}


def _evidence(opinion: Opinion, stands_for: str, fate: str) -> Evidence:
    return Evidence(" ".join(opinion.reasons(stands_for)), stands_for, fate)
