"""Yes or no? Only what is said as an answer counts; of several the last, for people correct themselves."""

from collections.abc import Sequence

from routing.speech.cut import Clause

YES, NO = "answers.yes", "answers.no"
SURELY_YES, SURELY_NO = "surely.yes", "surely.no"  # statements: "no you're right" is yes
HUMMED = "answers.hummed"  # 嗯, 好: yes, unless more is said


def answer(clauses: Sequence[Clause]) -> bool | None:
    """True, False, or None where neither was said, or both in one breath.

    不是，是牡丹社区 is no: 是 stands before more. 不是，哦不对，是的 is yes.
    """
    said = [found for clause in clauses if (found := _answers(clause))]
    if said:
        return None if len(said[-1]) > 1 else True in said[-1]
    return True if any(HUMMED in word.tags for clause in clauses for word in clause) else None


def _answers(clause: Clause) -> set[bool]:
    """What is answered in one breath; what is stated outweighs what is only called."""
    tags = {tag for word in clause for tag in word.tags}
    stated = {tag == SURELY_YES for tag in tags & {SURELY_YES, SURELY_NO}}
    return stated or {tag == YES for tag in tags & {YES, NO}}
