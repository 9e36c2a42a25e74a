"""What stands around a word: is it denied, over, feared, supposed, told of others? What it means is not known here.

A denial reaches forward a few words, until the clause ends, a subject begins (不是我要…) or a contrast (不要药，要菜).
Two denials cancel out (不是不要).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from routing.speech.cut import Clause, Word

REACH = 3  # words that a denial reaches over: not even a (big) fire
FEARED = 4  # words over which fear and caution do: 小心家里的老人摔倒
DENY, LACK, FEAR = "grammar.deny", "grammar.lack", "grammar.fear"
BUT, SUBJECT, NOW = "grammar.but", "grammar.subject", "grammar.now"


@dataclass(frozen=True, slots=True)
class Setting:
    """Of one clause: when it is about, whether it is about what really happens, and whether that is settled.

    ``words``: how many the whole sentence has, without particles.
    """

    past: bool
    ago: bool
    now: bool
    supposed: bool
    told: bool
    asking: bool
    over: bool
    words: int


def settings(clauses: Sequence[Clause]) -> list[Setting]:
    """The setting of each clause. What is supposed or told goes on into the next clause, until "now", "but" or "I".

    What was long ago goes on until "now" or "but". What was settled, was settled in all of them.
    """
    over = any("grammar.over" in word.tags for clause in clauses for word in clause)
    words = sum(not word.particle for clause in clauses for word in clause)
    found: list[Setting] = []
    for clause in clauses:
        tags = {tag for word in clause for tag in word.tags}
        now = NOW in tags and ("grammar.ago" not in tags or "grammar.anew" in tags)
        ago = "grammar.ago" in tags or bool(found and found[-1].ago and not tags & {NOW, BUT, "grammar.ask"})
        own = now or BUT in tags or bool(clause[0].tags & {SUBJECT, BUT})
        before = found[-1] if found and not own else None
        found.append(
            Setting(
                past="grammar.past" in tags or ago,
                ago=ago,
                now=now,
                supposed="grammar.if" in tags or bool(before and before.supposed),
                told="grammar.media" in tags or bool(before and before.told),
                asking="grammar.asking" in tags,
                over=over,
                words=words,
            )
        )
    return found


def denied(clause: Clause, at: int, by: Collection[str] = (DENY,)) -> bool:
    """Whether an odd number of denials in front reaches the word. No food is a lack of it, unless lacks are denials."""
    times = 0
    for word in reversed(clause[max(0, at - REACH) : at]):
        denies = bool(word.tags.intersection(by)) and (LACK in by or LACK not in word.tags)
        if word.tags & {BUT, SUBJECT} and not denies:
            break
        times += denies
    return times % 2 == 1


def feared(clause: Clause, at: int) -> bool:
    """Whether it is feared, warned of or nearly happened."""
    return any(FEAR in word.tags for word in clause[max(0, at - FEARED) : at])


def unwanted(clause: Clause, at: int) -> bool:
    """Whether what follows says that it is not wanted, or that there is enough: 药不要了."""
    return any("grammar.unwanted" in word.tags for word in clause[at + 1 : at + 1 + REACH])


def lonely(clause: Clause, at: int) -> bool:
    """Whether a single Chinese character stands among others that belong to no word: it may be a part of a name."""
    beside = (*clause[max(0, at - 1) : at], *clause[at + 1 : at + 2])
    return (
        len(clause[at].text) == 1
        and not clause[at].text.isascii()
        and bool(beside)
        and not any(map(_in_a_word, beside))
    )


def _in_a_word(word: Word) -> bool:
    return word.known or not word.text.isalpha() or word.text.isascii()


def tells_apart(clause: Clause, at: int) -> bool:
    """Whether it only tells apart a thing that follows: 心绞痛的药, 小偷两个字."""
    behind = clause[at + 1 : at + 1 + REACH]
    if any("grammar.about" in word.tags for word in behind):
        return True
    return (
        len(behind) > 1 and "grammar.of" in behind[0].tags and any(tag.startswith("needs.") for tag in behind[1].tags)
    )
