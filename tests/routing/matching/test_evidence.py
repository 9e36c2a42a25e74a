"""What two hearings of a name say together, rule by rule."""

import pytest

from routing.directory import Community
from routing.matching import Candidate, Decision, Match
from routing.matching.evidence import Hearing, kept, together
from tests.routing.builders import new_community

ACCEPT, CONFIRM, NARROW, REJECT = Decision.ACCEPT, Decision.CONFIRM, Decision.NARROW, Decision.REJECT


def community(code: str) -> Community:
    return new_community(f"place {code}", code)


def heard(decision: Decision, **scores: float) -> Match:
    return Match(decision, tuple(Candidate(community(code), score) for code, score in scores.items()))


def told(match: Match) -> tuple[Decision, list[str]]:
    return match.decision, [candidate.community.code for candidate in match.candidates]


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        # first both times, clear both times, nobody else both times
        ((("a", 82),), heard(CONFIRM, a=84), (ACCEPT, ["a"])),
        ((("a", 82), ("b", 80)), heard(CONFIRM, a=84, c=83), (ACCEPT, ["a", "c"])),
        # not clear enough, or not first, one of the times: asked, about those of both times
        ((("a", 70), ("b", 65)), heard(CONFIRM, a=84, c=83), (CONFIRM, ["a"])),
        ((("b", 82), ("a", 82)), heard(CONFIRM, a=84), (CONFIRM, ["a"])),
        ((("a", 82), ("b", 82)), heard(CONFIRM, a=84, c=83, b=81), (CONFIRM, ["a", "b"])),
        # rejected once or twice: asked, never accepted
        ((("a", 55),), heard(REJECT, a=58), (CONFIRM, ["a"])),
        ((("a", 99),), heard(REJECT, a=99), (CONFIRM, ["a"])),
        ((("a", 20),), heard(REJECT, a=58), (REJECT, ["a"])),
        # another name in front: the caller meant something else
        ((("a", 90),), heard(CONFIRM, b=70, a=69), (CONFIRM, ["b", "a"])),
        ((("a", 90),), heard(REJECT, b=50), (REJECT, ["b"])),
        # nothing to weigh
        ((), heard(CONFIRM, a=84), (CONFIRM, ["a"])),
        ((("a", 90),), heard(REJECT), (REJECT, [])),
        ((("a", 90),), heard(ACCEPT, b=95), (ACCEPT, ["b"])),
        ((("a", 90),), heard(NARROW, a=95, b=95), (NARROW, ["a", "b"])),
    ],
)
def test_two_hearings_together(before: Hearing, now: Match, expected: tuple[Decision, list[str]]):
    assert expected == told(together(now, before))


def test_only_what_settled_nothing_is_kept():
    """Codes and scores, no words; of a shared name too few bearers are known."""
    assert (("a", 70), ("b", 60)) == kept(heard(CONFIRM, a=70, b=60))
    assert (("a", 40),) == kept(heard(REJECT, a=40))
    assert () == kept(heard(ACCEPT, a=99))
    assert () == kept(heard(NARROW, a=90, b=90))
