"""Facts as JSON and back; each kind has its example."""

import json
from dataclasses import fields

import pytest

from ivr.store.facts import audit, history, line
from ivr.store.facts.audit import Deed, Denied, Listened
from ivr.store.facts.fact import Fact
from ivr.store.facts.history import Community, Entry, Handed, Note, Typed
from ivr.store.facts.line import Setting

FAMILIES: dict[type[Fact], tuple[Fact, ...]] = {Deed: audit.EXAMPLES, Entry: history.EXAMPLES, Setting: line.EXAMPLES}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_kind_has_an_example(family: type[Fact]):
    assert list(family.KINDS.values()) == [type(example) for example in FAMILIES[family]]


@pytest.mark.parametrize("fact", [each for examples in FAMILIES.values() for each in examples], ids=repr)
def test_what_is_kept_is_read_back(fact: Fact):
    assert fact == fact.read(fact.kind, json.loads(json.dumps(fact.detail())))


def test_what_says_no_more_than_the_default_is_not_kept():
    assert {"recording": 7} == Listened(7).detail()
    assert {"action": "claim", "ticket": 12} == Denied("claim", ticket=12).detail()


def test_details_of_another_release_are_left_out_or_have_their_default():
    assert Listened(7) == Deed.read("listened", {"recording": 7, "ear": "left"})


@pytest.mark.parametrize(("kind", "detail"), [("flown", {}), ("listened", {}), ("listened", {"token": 2})])
def test_what_cannot_be_read_is_none(kind: str, detail: dict[str, int]):
    assert None is Deed.read(kind, detail)


def test_a_word_of_pythons_own_is_kept_as_it_is():
    assert {"from": "food", "to": None} == history.Need("food", None).detail()


def test_what_somebody_wrote_is_told_from_ids_codes_and_times():
    assert ["要米", "老鹰山"] == Typed("要米", "老鹰山").written()
    assert ["下班了"] == Handed(3, "下班了", "2026-03-01T10:00:00+00:00").written()
    assert [] == Community("330206001001", "330206001002").written()
    assert [] == Note("").written()


@pytest.mark.parametrize("kind", [*Deed.KINDS.values(), *Entry.KINDS.values()])
def test_words_are_fields(kind: type[Fact]):
    assert set(kind.words) <= {field.name for field in fields(kind)}


def test_a_kind_is_known_by_one_name():
    with pytest.raises(TypeError, match="listened"):

        class Again(Deed, kind="listened"):
            pass
