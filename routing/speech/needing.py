"""What is asked for, as against what stands beside it: 吃的降压药 is medicine, 药店对面 is nothing."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from routing.speech import scope
from routing.speech.cut import Clause, Word
from routing.speech.meaning import COUNTS, MENTIONED, Evidence
from routing.speech.scope import Setting

# How strongly a word beside it says that a thing is wanted, strongest first.
STRENGTHS = {"grammar.ask": COUNTS, "grammar.lack": (LACKING := "lacking"), "grammar.cannot": (HINTED := "hinted")}
STATED = "stated"  # an act without a word that asks for it, or all that a short sentence says
WANTED = (COUNTS, LACKING, STATED)  # the fates of what is wanted, surest first
ASKED = frozenset(STRENGTHS)
LACKS = ASKED - {"grammar.ask"}
ASKS = ".asks"  # a need's own words that ask for its things, such as what may be wrong with them
OF, DONE = "grammar.of", "grammar.done"
BESIDE = frozenset({"grammar.near", "grammar.place"})
FEW = 4  # words of a sentence that says little else than what is wanted
FAR = 6  # words between what is asked for and the word that asks
WIDE = 40  # words: more than a clause has, but for a text of 64 kB that is one word again and again
OTHER = "other"  # the need that everything else is: it steps back behind what is asked for
ACTS = ("acts", "ways")
AS_A_HINT = {COUNTS: HINTED, **dict.fromkeys((LACKING, STATED, MENTIONED), "beside")}
KINDS = ("acts", "things", "hints", "ways")


def asked_for(evidence: Sequence[Evidence], *, urgent: bool = False, wishes: bool = False) -> tuple[str, ...]:
    """The needs that are wanted, the surest first; where none is, what is hinted at or the one mentioned.

    Everything else steps back behind what has a name, an emergency (*urgent*) and what is wanted of the line itself
    (*wishes*); behind an emergency so does what nobody asks for.
    """
    by_fate = {
        fate: tuple(dict.fromkeys(each.key for each in evidence if each.fate == fate))
        for fate in (*WANTED, HINTED, MENTIONED)
    }
    wanted = tuple(dict.fromkeys(chain.from_iterable(by_fate[fate] for fate in (WANTED[:2] if urgent else WANTED))))
    named = _named(wanted)
    if named or urgent:
        return named
    mentioned = _named(by_fate[MENTIONED])
    sure = OTHER in by_fate[COUNTS] + by_fate[LACKING]
    doubtful = _named(by_fate[HINTED])[:1] or (mentioned if len(mentioned) == 1 else ())
    return wanted if sure else doubtful or (() if wishes else wanted or by_fate[HINTED][:1])


def _named(needs: Sequence[str]) -> tuple[str, ...]:
    return tuple(need for need in needs if need != OTHER)


def needs(clauses: Sequence[Clause], settings: Sequence[Setting]) -> Iterator[Evidence]:
    """Every word that stands for a need, in order, with its fate.

    A clause without one may take back the one before (药我有，不用送) or ask for it (米、盐，都没了).
    """
    before: list[Evidence] = []
    for clause, setting in zip(clauses, settings, strict=True):
        here = list(found(clause, setting))
        if not here:
            tags = {tag for word in clause for tag in word.tags}
            before = [_in_the_light_of(tags, each) for each in before]
        yield from before
        before = here
    yield from before


def _in_the_light_of(tags: Collection[str], evidence: Evidence) -> Evidence:
    """What is not sure yet, with what the next clause says."""
    if evidence.fate not in (STATED, MENTIONED, "past"):
        return evidence
    if "grammar.unwanted" in tags:
        return replace(evidence, fate="denied")
    asked = not ASKED.isdisjoint(tags) or f"needs.{evidence.key}{ASKS}" in tags
    return replace(evidence, fate=LACKING) if asked else evidence


def found(clause: Clause, setting: Setting) -> Iterator[Evidence]:
    """Every word of a clause that stands for a need, in order, with its fate there."""
    asking = [tuple(_strengths(word)) for word in clause]
    modifies = _modifiers(clause)
    for at, word in enumerate(clause):
        for need, kind in sorted(_needs(word))[:1]:  # 去医院…药 is a way to the hospital too
            asked = _asked(clause, at, need, asking)
            if asked in (HINTED, None) and (
                kind in ACTS or (setting.words <= FEW and need != OTHER and kind != "hints")
            ):
                asked = STATED
            apart = at < modifies.get(need, 0) or (kind in ACTS and _is_of(clause, at))
            apart = apart or (kind == "ways" and _leads_on(clause, at, need))
            fate = "beside" if apart else _fate(clause, at, setting, asked)
            yield Evidence(word.text, f"need.{need}", AS_A_HINT.get(fate, fate) if kind == "hints" else fate)


def _leads_on(clause: Clause, at: int, need: str) -> bool:
    """Whether it is only the way to something else that follows: 去医院拿药."""
    return any(other != need for word in clause[at + 1 : at + 1 + WIDE] for other, _ in _needs(word))


def _strengths(word: Word) -> Iterator[tuple[str, str]]:
    """How strongly a word says that a thing beside it is wanted, and of which need ("": of any)."""
    for tag in word.tags:
        if tag in STRENGTHS:
            yield STRENGTHS[tag], ""
        elif tag.endswith(ASKS):
            yield COUNTS, tag.removeprefix("needs.").removesuffix(ASKS)


def _asked(clause: Clause, at: int, need: str, asking: Sequence[tuple[tuple[str, str], ...]]) -> str | None:
    """How strongly the nearest word that asks does so: it must be near, and no subject between."""
    for far in range(FAR + 1):
        for place in (at + far, at - far):
            if not 0 <= place < len(clause):
                continue
            strengths = {strength for strength, of in asking[place] if of in ("", need)}
            between = clause[min(place, at) + 1 : max(place, at)]
            if strengths and not any(word.tags & {scope.SUBJECT, scope.BUT} for word in between):
                return next(strength for strength in STRENGTHS.values() if strength in strengths)
    return None


def _needs(word: Word) -> set[tuple[str, str]]:
    """The needs a word stands for, each with its kind.

    Acts ask by themselves (买药), things are asked for, ways are acts that may lead to something else (去医院).
    """
    found = set()
    for tag in word.tags:
        if tag.startswith("needs."):
            _, need, kind = tag.split(".", 2)
            if kind in KINDS:
                found.add((need, kind))
    return found


def _modifiers(clause: Clause) -> dict[str, int]:
    """Up to which word a need's things only tell another need's thing apart: 跟牛奶一起吃的钙片, 送药的车."""
    ends: dict[str, int] = {}
    seen: list[tuple[int, str]] = []
    for at, word in enumerate(clause):
        here = {need for need, _ in _needs(word)}
        for place, need in seen[-scope.REACH :]:
            if here and need not in here and at - place <= scope.REACH + 1:
                ends[need] = place + 1
        if here and (word.text.endswith("的") or _is_of(clause, at)):
            seen += [(at, need) for need in here]
    return ends


def _is_of(clause: Clause, at: int) -> bool:
    """Whether 的 follows, and something that it belongs to: 送饭的小伙子, but not 我是来买药的."""
    return at + 2 < len(clause) and OF in clause[at + 1].tags and not clause[at + 2].particle


def _fate(clause: Clause, at: int, setting: Setting, asked: str | None) -> str:
    if (scope.lonely(clause, at) and not asked) or _landmark(clause, at):
        return "beside"
    if scope.denied(clause, at) or scope.unwanted(clause, at):
        return "denied"
    back, ahead = (WIDE, WIDE) if asked in (STATED, None) else (1, scope.REACH)
    around = clause[max(0, at - back) : at + 1 + ahead]
    if any(DONE in word.tags for word in around) and not any(word.tags & LACKS for word in around):
        return "past"
    if asked in (STATED, None) and any("grammar.when" in word.tags for word in clause[at + 1 : at + 1 + scope.REACH]):
        return "beside"
    if asked in (STATED, None) and (setting.told or (setting.past and not setting.now)):
        return "past" if setting.past else "told"
    return asked or MENTIONED


def _landmark(clause: Clause, at: int) -> bool:
    """医院对面; next to the bank."""
    if at + 1 < len(clause) and clause[at + 1].tags & BESIDE:
        return True
    return any("grammar.near_before" in word.tags for word in clause[max(0, at - scope.REACH) : at])
