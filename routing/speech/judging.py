"""What a sentence means by its words and by its weights: where both say so it is taken, where they differ it is asked.

The words (``reading``) know denials, the past and what is only told; a danger that they refuse is never taken. The
weights (``weighing``) know ways of saying things that stand in no list. Where the words found nothing, what the weights
are sure of is taken; where they are less sure, or all but exclude what the words found, it stands as ``near`` or
``alarm`` in the meaning, for a question that yes or no can answer. Of a need they are believed where they are surest.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from routing.speech.emergencies import DESPAIR
from routing.speech.meaning import COUNTS, LIKELY, MENTIONED, Emergency, Evidence, Meaning, Wish
from routing.speech.weighing import Opinion, Weights

NEED, EMERGENCY, NOTHING = "need.", "emergency.", "nothing"
PERHAPS = "perhaps"  # the fate of what is to be asked about
# Shares of an opinion from which on it is asked about, and from which on it is taken: a need that no word names, one
# that a word mentions, and a danger, which costs more when it is none.
ALARM, NEAR = 0.5, 0.35
SURE, SURE_OF_A_WORD, SURE_OF_DANGER = 0.8, 0.6, 0.9
SUREST = 0.98  # the share from which on the weights are believed against the words
DOUBT, DOUBT_OF_DANGER = 0.2, 0.12  # the shares below which what the words found is asked about
STORY_CHARS, BESIDE_CHARS = 90, 10  # what is longer is a story; so much of it says what is meant by a danger in it
AT_MOST = 2  # needs among which a caller is asked
TOLD_IN_STORIES = {Wish.STATUS, Wish.LOUDER}  # 没来, 没声音: of a cook and of a wireless as well as of the line
OPEN = (MENTIONED, "beside", "hinted")  # the fates of words that name a need and do not say that it is none


def findings(meaning: Meaning) -> Iterator[str]:
    """What the words of a sentence found, for the weights to know."""
    yield from (f"{each.stands_for.removesuffix(f'.{DESPAIR}')}:{each.fate}" for each in meaning.why)
    yield f"first={meaning.needs[0] if meaning.needs else ''}"
    yield f"alarm={meaning.emergency.kind if meaning.emergency else ''}"
    if meaning.answer is not None:
        yield "answer"
    if meaning.hello:
        yield "hello"


def judged(meaning: Meaning, plain: str, weights: Weights, dial: Mapping[str, str]) -> Meaning:
    """*meaning*, with what the weights of the same sentence (*plain*: normal and closed) have to say."""
    opinion = weights.weigh(plain, findings(meaning))
    if meaning.emergency:
        opinions = (opinion, *(weights.weigh(around, findings(meaning)) for around in _around(meaning, plain)))
        return _doubted(meaning, opinion) if max(map(_danger, opinions)) < DOUBT_OF_DANGER else meaning
    if not meaning.needs:
        return _by_weight(meaning, opinion, dial)
    if _danger(opinion) >= ALARM:
        return _asked_about(_beside_danger(meaning, opinion), opinion, dial)
    if opinion.of(NEED + meaning.needs[0]) >= DOUBT:
        return meaning
    return _instead(meaning, opinion, dial)


def _around(meaning: Meaning, plain: str) -> Iterator[str]:
    """Of a long story, what was said around each danger: what else it tells does not speak against it."""
    for each in meaning.why if len(plain) > STORY_CHARS else ():
        if each.stands_for.startswith(EMERGENCY) and each.fate == COUNTS and (at := plain.find(each.words)) >= 0:
            yield plain[max(0, at - BESIDE_CHARS) : at + len(each.words) + BESIDE_CHARS]


def _doubted(meaning: Meaning, opinion: Opinion) -> Meaning:
    """A danger that the weights all but exclude: it is asked about, beside the need that they are sure of."""
    asked = replace(meaning, emergency=None, alarm=meaning.emergency)
    name = _likeliest(opinion)
    if meaning.needs or not name.startswith(NEED) or opinion.shares[name] < SURE:
        return asked
    return replace(asked, needs=(name.removeprefix(NEED),), why=(*meaning.why, _evidence(opinion, name, LIKELY)))


def _beside_danger(meaning: Meaning, opinion: Opinion) -> Meaning:
    """Without the needs that the weights exclude even if it is none: 我把消毒液当水喝下去了 asks for no medicine."""
    least = DOUBT * (1 - _danger(opinion))
    return replace(meaning, needs=tuple(need for need in meaning.needs if opinion.of(NEED + need) >= least))


def _instead(meaning: Meaning, opinion: Opinion, dial: Mapping[str, str]) -> Meaning:
    """A need that is all but excluded: another one said comes first, what is surest is taken, or both are asked."""
    name = _likeliest(opinion)
    need = name.removeprefix(NEED)
    if need in meaning.needs:
        return replace(meaning, needs=tuple(dict.fromkeys((need, *meaning.needs))))
    if opinion.shares[name] >= SUREST and not name.startswith(EMERGENCY):
        why = (*meaning.why, _evidence(opinion, name, LIKELY))
        return replace(meaning, needs=() if name == NOTHING else (need,), why=why)
    asked = _asked_about(replace(meaning, needs=()), opinion, dial)
    return replace(asked, near=tuple(dict.fromkeys((*asked.near[:1], meaning.needs[0]))))


def _by_weight(meaning: Meaning, opinion: Opinion, dial: Mapping[str, str]) -> Meaning:
    """What the words found nothing in: the weights take what they are sure of, and ask about the rest."""
    name = _likeliest(opinion)
    elsewhere = _says_something_else(meaning)
    if name == NOTHING or opinion.shares[name] < (SUREST if elsewhere else _sure(name, meaning)):
        return meaning if elsewhere else _asked_about(meaning, opinion, dial)
    taken = replace(meaning, why=(*meaning.why, _evidence(opinion, name, LIKELY)))
    if name.startswith(NEED):
        return replace(taken, needs=(name.removeprefix(NEED),))
    kind = name.removeprefix(EMERGENCY)
    return replace(taken, emergency=Emergency(kind, dial.get(kind, "")))


def _likeliest(opinion: Opinion) -> str:
    return max(opinion.shares, key=opinion.shares.__getitem__)


def _danger(opinion: Opinion) -> float:
    return sum(_of(opinion, EMERGENCY).values())


def _sure(name: str, meaning: Meaning) -> float:
    """The share from which on a class is taken; of what words have refused a danger never, a need when it is surest."""
    fates = {each.fate for each in meaning.why if each.stands_for == name}
    if name.startswith(EMERGENCY):
        return SURE_OF_DANGER if not any(each.stands_for.startswith(EMERGENCY) for each in meaning.why) else 2.0
    if not fates.issubset(OPEN):
        return SUREST
    return SURE_OF_A_WORD if fates else SURE


def _asked_about(meaning: Meaning, opinion: Opinion, dial: Mapping[str, str]) -> Meaning:
    dangers, needs = _of(opinion, EMERGENCY), _of(opinion, NEED)
    if sum(dangers.values()) >= ALARM:
        kind = max(dangers, key=dangers.__getitem__)
        why = (*meaning.why, _evidence(opinion, f"{EMERGENCY}{kind}", PERHAPS))
        return replace(meaning, alarm=Emergency(kind, dial.get(kind, "")), why=why)
    likely = sorted((need for need in needs if needs[need] >= NEAR), key=lambda need: -needs[need])[:AT_MOST]
    why = (*meaning.why, *(_evidence(opinion, f"{NEED}{need}", PERHAPS) for need in likely))
    return replace(meaning, near=tuple(likely), why=why)


def _says_something_else(meaning: Meaning) -> bool:
    """Whether the words have found what the sentence is about: an answer, a wish, a number."""
    wishes = meaning.wishes - TOLD_IN_STORIES
    found: Collection[object] = (wishes, meaning.language, meaning.numbers, meaning.unknown, meaning.hello)
    return any(found) or meaning.answer is not None or meaning.choice is not None


def _of(opinion: Opinion, kind: str) -> dict[str, float]:
    return {name.removeprefix(kind): share for name, share in opinion.shares.items() if name.startswith(kind)}


def _evidence(opinion: Opinion, stands_for: str, fate: str) -> Evidence:
    return Evidence(" ".join(opinion.reasons(stands_for)), stands_for, fate)
