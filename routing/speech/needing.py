"""What is asked for, as against what stands beside it: 吃的降压药 is medicine, 药店对面 is nothing."""

from collections.abc import Iterator, Sequence

from routing.speech import scope
from routing.speech.cut import Clause, Word
from routing.speech.meaning import COUNTS, MENTIONED, Evidence
from routing.speech.scope import Setting

# How strongly a word beside it says that a thing is wanted, strongest first.
STRENGTHS = {"grammar.ask": COUNTS, "grammar.lack": (LACKING := "lacking"), "grammar.cannot": (HINTED := "hinted")}
ASKED = frozenset(STRENGTHS)
LACKS = ASKED - {"grammar.ask"}
OF, DONE = "grammar.of", "grammar.done"
BESIDE = frozenset({"grammar.near", "grammar.place"})
FEW = 4  # words of a sentence that says little else than what is wanted
FAR = 6  # words between what is asked for and the word that asks
OTHER = "other"  # the need that everything else is: it steps back behind what is asked for
KINDS = ("acts", "things", "hints")


def asked_for(evidence: Sequence[Evidence], *, urgent: bool = False) -> tuple[str, ...]:
    """The needs that are asked for or lacking, in order; where none is, what is hinted at or the one mentioned.

    Everything else steps back behind what has a name, and what is only hinted at behind an emergency (*urgent*).
    """
    by_fate = {
        fate: tuple(dict.fromkeys(each.key for each in evidence if each.fate == fate))
        for fate in (COUNTS, LACKING, HINTED, MENTIONED)
    }
    wanted = tuple(dict.fromkeys(by_fate[COUNTS] + by_fate[LACKING]))
    named = tuple(need for need in wanted if need != OTHER)
    if named or urgent:
        return named
    mentioned = by_fate[MENTIONED]
    return wanted or by_fate[HINTED][:1] or (mentioned if len(mentioned) == 1 else ())


def found(clause: Clause, setting: Setting) -> Iterator[Evidence]:
    """Every word of a clause that stands for a need, in order, with its fate."""
    asking = [at for at, word in enumerate(clause) if word.tags & ASKED]
    modifies = _modifiers(clause)
    nearest = 0
    for at, word in enumerate(clause):
        while nearest + 1 < len(asking) and abs(asking[nearest + 1] - at) <= abs(asking[nearest] - at):
            nearest += 1
        beside = _strength(clause, asking[nearest], at) if asking else None
        for need, kind in sorted(_needs(word))[:1]:  # 去医院…药 is a way to the hospital too
            asked = COUNTS if kind == "acts" or setting.words <= FEW else beside
            if at < modifies.get(need, 0) or (kind == "acts" and _is_of(clause, at)):
                fate = "beside"
            else:
                fate = _fate(clause, at, setting, asked)
            if kind == "hints" and fate in (COUNTS, LACKING, MENTIONED):
                fate = HINTED
            yield Evidence(word.text, f"need.{need}", fate)


def _strength(clause: Clause, ask: int, at: int) -> str | None:
    """How strongly the word at *ask* asks for the one at *at*: it must be near, and no subject between."""
    first, last = sorted((ask, at))
    if last - first > FAR or any(word.tags & {scope.SUBJECT, scope.BUT} for word in clause[first + 1 : last]):
        return None
    return next(strength for tag, strength in STRENGTHS.items() if tag in clause[ask].tags)


def _needs(word: Word) -> set[tuple[str, str]]:
    """The needs a word stands for, each with its kind: acts ask by themselves (买药), things are asked for."""
    found = set()
    for tag in word.tags:
        table, _, rest = tag.partition(".")
        need, _, kind = rest.partition(".")
        if table == "needs" and kind in KINDS:
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
    around = clause[max(0, at - 1) : at + 1 + scope.REACH]
    if any(DONE in word.tags for word in around) and not any(word.tags & LACKS for word in around):
        return "past"
    if asked is None and (setting.told or (setting.past and not setting.now)):
        return "past" if setting.past else "told"
    return asked or MENTIONED


def _landmark(clause: Clause, at: int) -> bool:
    """医院对面; next to the bank."""
    if at + 1 < len(clause) and clause[at + 1].tags & BESIDE:
        return True
    return any("grammar.near_before" in word.tags for word in clause[max(0, at - scope.REACH) : at])
