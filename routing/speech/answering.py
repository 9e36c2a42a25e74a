"""Yes or no? Only what is said as an answer counts, and when both are said, neither does."""

from collections.abc import Sequence

from routing.speech.cut import Clause

YES, NO = "answers.yes", "answers.no"


def answer(clauses: Sequence[Clause]) -> bool | None:
    """True, False, or None where neither was said or both were.

    不是，是的 takes itself back, so nothing is certain; 不是，是牡丹社区 is no: there, 是 stands before more.
    """
    said = {tag for clause in clauses for word in clause for tag in word.tags if tag in (YES, NO)}
    return None if len(said) != 1 else YES in said
