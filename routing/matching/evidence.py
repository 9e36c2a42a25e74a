"""What do two uncertain hearings of a name say together? More than either: chance rarely errs the same way twice.

A hearing is kept as its candidates' codes and scores, best first, never as words.
"""

import tomllib
from dataclasses import replace

from routing.matching.explain import Reason
from routing.matching.matcher import Decision, Match
from routing.speech.phonetics import DATA

Hearing = tuple[tuple[str, float], ...]

LIMITS: dict[str, float] = tomllib.loads((DATA / "evidence.toml").read_text("utf-8"))


def kept(match: Match) -> Hearing:
    """What is worth remembering of an utterance that did not settle the question.

    Of a name that many share only three bearers are known, too few to compare: the street will tell them apart.
    """
    if match.decision not in (Decision.CONFIRM, Decision.REJECT):
        return ()
    return tuple((candidate.community.code, candidate.score) for candidate in match.candidates)


def together(match: Match, before: Hearing) -> Match:
    """*match* in the light of the hearing before it.

    The community that comes first now must have been a candidate before; a new one in front says that the caller
    meant something else. Then

    - it is accepted when it came first both times, is the only one that was a candidate both times, and both times
      scored ``sure`` or more: each hearing alone left rivals or a syllable in doubt, never the same ones;
    - those that were candidates both times are asked about when the first scored ``possible`` or more both times,
      also after a rejection;
    - else nothing changes. What the caller refused is no candidate and cannot come back.
    """
    if match.decision not in (Decision.CONFIRM, Decision.REJECT) or not match.candidates:
        return match
    scores = dict(before)
    both = tuple(candidate for candidate in match.candidates if candidate.community.code in scores)
    if not both or both[0] is not match.candidates[0]:
        return match
    first = both[0]
    clear = min(first.score, scores[first.community.code])
    came_first = before[0][0] == first.community.code
    asked = match.decision is Decision.CONFIRM
    if asked and came_first and len(both) == 1 and clear >= LIMITS["sure"]:
        return replace(match, decision=Decision.ACCEPT, reason=Reason.TWICE)
    if clear >= LIMITS["possible"]:
        return replace(match, decision=Decision.CONFIRM, candidates=both, reason=Reason.TWICE)
    return match
