"""Is somebody in danger now? A miss costs more than a false alarm, so what is not clearly otherwise counts."""

from collections.abc import Iterator, Sequence

from routing.speech import scope
from routing.speech.cut import Clause
from routing.speech.meaning import COUNTS, Evidence
from routing.speech.scope import DENY, LACK, Setting

GENERAL = "general"  # 救命 tells no kind; whatever else is said does


def found(clauses: Sequence[Clause], settings: Sequence[Setting]) -> list[Evidence]:
    """Every word that stands for an emergency, in order, with its fate."""
    return [
        evidence for clause, setting in zip(clauses, settings, strict=True) for evidence in _in_clause(clause, setting)
    ]


def kind(evidence: Sequence[Evidence]) -> str | None:
    """The kind of the emergency: the first that tells one."""
    counts = [each.key for each in evidence if each.fate == COUNTS]
    told = next((key for key in counts if not key.endswith(f".{GENERAL}")), None)
    return told or (counts[0].removesuffix(f".{GENERAL}") if counts else None)


def _in_clause(clause: Clause, setting: Setting) -> Iterator[Evidence]:
    for at, word in enumerate(clause):
        for tag in sorted(word.tags):
            table, _, rest = tag.partition(".")
            name, _, how = rest.partition(".")
            if table == "emergencies" and how in ("words", GENERAL):
                key = name if how == "words" else f"{name}.{GENERAL}"
                yield Evidence(word.text, f"emergency.{key}", _fate(clause, at, setting))


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
    experienced = at + 1 < len(clause) and "grammar.once" in clause[at + 1].tags
    if (setting.past and not setting.now) or experienced:
        return "past"
    return COUNTS
