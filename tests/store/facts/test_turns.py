"""What is kept of a turn: every way of being heard, and a match that is read back as it was."""

import json

import pytest

from ivr.flow import types
from ivr.flow.engine import TICKET_FIELDS
from ivr.store.facts.turns import HEARD, UNDERSTOOD, HeardKind, Understood, kept_match, understood, why
from ivr.voice.conversation import told
from routing.directory import Directory
from routing.matching import Matcher
from routing.matching.explain import Reason
from tests.routing.builders import new_community

HEARINGS = (types.Keys("1"), types.Speech("药"), types.Silence(), types.Recorded(12), types.Rang(taken=True))


def test_every_kind_has_an_example():
    assert list(HeardKind) == [heard["kind"] for heard in HEARD]
    assert set(UNDERSTOOD) <= set(Understood.__annotations__)


def test_whatever_a_ticket_learns_is_kept_and_no_number():
    assert {*TICKET_FIELDS, "match", "read"} == set(Understood.__annotations__)
    assert {"need": "food"} == understood({"need": "food", "callback": "+8613800000001"}, None)


@pytest.mark.parametrize("heard", HEARINGS, ids=lambda heard: type(heard).__name__)
def test_what_a_caller_does_is_kept_as_one_of_the_kinds(heard: types.Heard):
    assert told(heard, "need") in [kept | {"text": "药"} if kept["kind"] == "speech" else kept for kept in HEARD]


@pytest.mark.parametrize("heard", ["新碶街道银杏社区", "迎新", "银", "高塘"])
def test_what_a_match_says_is_read_back(heard: str):
    matcher = Matcher(Directory(new_community(name, name) for name in ("银杏社区", "高塘社区")))
    match = matcher.match(heard)
    kept = json.loads(json.dumps(kept_match(match)))

    worth = [candidate for candidate in match.candidates if candidate.score >= 40]
    assert [candidate.why for candidate in worth] == [why(each) for each in kept["candidates"]]
    assert match.decision == kept["decision"]


def test_the_place_is_kept_when_nothing_else_was_named():
    match = Matcher(Directory([new_community("银杏社区", street="新碶街道")])).match("新碶街道")

    assert {"decision": "reject", "candidates": [], "because": Reason.PLACE_ONLY, "place": "新碶街道"} == kept_match(
        match
    )
