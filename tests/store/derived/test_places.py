"""The index of places follows the directory: whatever a community is called now, it is found by that alone."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from ivr.store.derived import places
from ivr.store.directory import lookup
from ivr.store.models import Alias
from ivr.store.session import Sessions
from tests.builders import new_community


def found(db: Session, typed: str) -> list[str]:
    return [row.name for row in lookup.search(db, typed)]


def test_a_name_is_found_until_it_changes(writing: Session):
    row = new_community(writing, keypad="203")
    for typed in ("银杏", "杏", "yinxing", "203", "xinqi"):
        assert ["银杏社区"] == found(writing, typed), typed

    row.name, row.keypad = "高塘社区", "204"
    row.aliases.append(Alias(name="老街"))
    writing.flush()
    for typed in ("高塘", "laojie", "老街", "204"):
        assert ["高塘社区"] == found(writing, typed), typed
    for typed in ("银杏", "yinxing", "203"):
        assert [] == found(writing, typed), typed

    row.aliases.clear()
    writing.flush()
    assert [] == found(writing, "老街")


@pytest.mark.parametrize("typed", ["%", "'", '"', "*", "NEAR(", "\0", "\ud800", "🚑", "a" * 65_000, "…"])
def test_any_text_is_answered(writing: Session, typed: str):
    new_community(writing)
    assert [] == found(writing, typed)


def test_communities_of_before_the_index_are_found_step_by_step(sessions: Sessions, monkeypatch: pytest.MonkeyPatch):
    """As after an upgrade: the worker's rounds bring them in."""
    monkeypatch.setattr(places, "BATCH", 2)
    with sessions.begin() as db:
        for n in range(3):
            new_community(db, f"33020600100{n}", f"银杏{n}社区")
        db.execute(text("DELETE FROM place_words"))
        db.execute(text("DELETE FROM place_keys"))
    with sessions.begin() as db:
        assert [] == found(db, "yinxing")
        assert [True, False] == [places.catch_up(db), places.catch_up(db)]
        assert 3 == len(found(db, "yinxing"))
