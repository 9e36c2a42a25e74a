"""What is asked for, as against what stands beside it: 吃的降压药 is medicine, 药店对面 is nothing."""

from collections.abc import Iterator, Sequence

from routing.speech import scope
from routing.speech.cut import Clause, Word
from routing.speech.meaning import COUNTS, Evidence
from routing.speech.scope import Setting

ASKED = frozenset({"grammar.ask", "grammar.lack", "grammar.cannot"})
LACKING = frozenset({"grammar.lack", "grammar.cannot"})
OF, DONE = "grammar.of", "grammar.done"
BESIDE = frozenset({"grammar.near", "grammar.place"})
FEW = 4  # words of a sentence that says little else than what is wanted
FAR = 6  # words between what is asked for and the word that asks
MENTIONED = "mentioned"
OTHER = "other"  # the need that everything else is: it steps back behind each of the others


def found(clauses: Sequence[Clause], settings: Sequence[Setting]) -> list[Evidence]:
    """Every word that stands for a need, in order, with its fate."""
    short = sum(len(clause) for clause in clauses) <= FEW
    return [
        evidence
        for clause, setting in zip(clauses, settings, strict=True)
        for evidence in _in_clause(clause, setting, short=short)
    ]


def asked_for(evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """The needs that are asked for, in order; where nothing is, what is mentioned, unless two things are."""
    for fate, most in ((COUNTS, len(evidence)), (MENTIONED, 1)):
        needs = dict.fromkeys(each.key for each in evidence if each.fate == fate)
        named = tuple(need for need in needs if need != OTHER) or tuple(needs)
        if named:
            return named if len(named) <= most else ()
    return ()


def _in_clause(clause: Clause, setting: Setting, *, short: bool) -> Iterator[Evidence]:
    asking = [at for at, word in enumerate(clause) if word.tags & ASKED]
    modifies = _modifiers(clause)
    nearest = 0
    for at, word in enumerate(clause):
        while nearest + 1 < len(asking) and abs(asking[nearest + 1] - at) <= abs(asking[nearest] - at):
            nearest += 1
        near = bool(asking) and _reaches(clause, asking[nearest], at)
        for need, is_act in sorted(_needs(word)):
            if at < modifies.get(need, 0) or (is_act and _is_of(clause, at)):
                fate = "beside"
            else:
                fate = _fate(clause, at, setting, need, asked=is_act or short or near)
            yield Evidence(word.text, f"need.{need}", fate)


def _needs(word: Word) -> set[tuple[str, bool]]:
    """The needs a word stands for, and whether it asks by itself (买药)."""
    found = set()
    for tag in word.tags:
        table, _, rest = tag.partition(".")
        need, _, kind = rest.partition(".")
        if table == "needs" and kind in ("things", "acts"):
            found.add((need, kind == "acts"))
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


def _reaches(clause: Clause, ask: int, at: int) -> bool:
    """Whether the word that asks is about this one: near, and with no subject between."""
    first, last = sorted((ask, at))
    if last - first > FAR:
        return False
    return not any(word.tags & {scope.SUBJECT, scope.BUT} for word in clause[first + 1 : last])


def _fate(clause: Clause, at: int, setting: Setting, need: str, *, asked: bool) -> str:
    if (scope.lonely(clause, at) and not asked) or _landmark(clause, at):
        return "beside"
    if scope.denied(clause, at) or scope.unwanted(clause, at):
        return "denied"
    around = clause[max(0, at - 1) : at + 1 + scope.REACH]
    if any(DONE in word.tags for word in around) and not any(word.tags & LACKING for word in around):
        return "past"
    if (setting.past and not setting.now and not asked) or (setting.told and not asked):
        return "past" if setting.past else "told"
    return COUNTS if asked else MENTIONED


def _landmark(clause: Clause, at: int) -> bool:
    """医院对面; next to the bank."""
    if at + 1 < len(clause) and clause[at + 1].tags & BESIDE:
        return True
    return any("grammar.near_before" in word.tags for word in clause[max(0, at - scope.REACH) : at])
