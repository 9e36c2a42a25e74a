"""Is somebody in danger now? A miss costs more than a false alarm, so what is not clearly otherwise counts."""

from collections.abc import Iterator, Sequence

from routing.speech import scope
from routing.speech.cut import Clause
from routing.speech.meaning import COUNTS, MENTIONED, Evidence
from routing.speech.scope import DENY, LACK, Setting

GENERAL = "general"  # 救命 tells no kind; whatever else is said does
DESPAIR = "despair"  # 不想活: who listens helps most
WORDS = ("words", GENERAL, DESPAIR)
NOUNS = "nouns"  # 救护车 may be spoken of for many reasons
PARTS, STATES = "parts", "states"  # 嘴唇 and 发紫: neither is a danger, one near the other is
FEW = 3  # words of a cry
BESIDE = 2  # words from a noun to a word of haste
NEAR = 5  # words from a part to its state


def kind(evidence: Sequence[Evidence]) -> str | None:
    """The kind of the emergency: the first that tells one."""
    counts = [each.key for each in evidence if each.fate == COUNTS]
    told = next((key for key in counts if not key.endswith(f".{GENERAL}")), next(iter(counts), None))
    return told.partition(".")[0] if told else None


def is_despair(evidence: Sequence[Evidence]) -> bool:
    """Whether words of despair tell of it, and no others: who has taken something needs a doctor."""
    how = {each.key.partition(".")[2] for each in evidence if each.fate == COUNTS}
    return DESPAIR in how and how <= {DESPAIR, GENERAL}


def found(clause: Clause, setting: Setting) -> Iterator[Evidence]:
    """Every word of a clause that stands for an emergency, in order, with its fate."""
    for at, word in enumerate(clause):
        for tag in sorted(tag for tag in word.tags if tag.startswith("emergencies.")):
            _, name, how = tag.split(".", 2)
            if not (how in (*WORDS, NOUNS) or _is_so(clause, at, name, how)):
                continue
            key = f"{name}.{how}" if how in (GENERAL, DESPAIR) else name
            fate = _fate(clause, at, setting)
            if fate == COUNTS and how == NOUNS and not (setting.words <= FEW or _urgent(clause, at)):
                fate = MENTIONED
            yield Evidence(word.text, f"emergency.{key}", fate)


def _is_so(clause: Clause, at: int, kind: str, how: str) -> bool:
    """Whether a word is the state of something near it that must not be so."""
    near = clause[max(0, at - NEAR) : at + 1 + NEAR]
    return how == STATES and any(f"emergencies.{kind}.{PARTS}" in word.tags for word in near)


def _urgent(clause: Clause, at: int) -> bool:
    """Whether a word of haste stands near."""
    beside = (*clause[max(0, at - BESIDE) : at], *clause[at + 1 : at + 1 + BESIDE])
    return any("grammar.urgent" in word.tags for word in beside)


def _fate(clause: Clause, at: int, setting: Setting) -> str:
    if scope.denied(clause, at, (DENY, LACK)):
        return "denied"
    if scope.feared(clause, at):
        return "feared"
    if setting.supposed:
        return "supposed"
    if setting.told:
        return "told"
    if setting.asking:
        return "asked"
    if setting.over and not setting.now:
        return "over"
    if scope.tells_apart(clause, at):
        return "beside"
    experienced = at + 1 < len(clause) and "grammar.once" in clause[at + 1].tags
    if (setting.past and not setting.now) or experienced:
        return "past"
    return COUNTS
