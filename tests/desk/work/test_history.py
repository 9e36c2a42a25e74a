"""A ticket's history in words."""

import re
from datetime import UTC, datetime

import pytest
from flask_babel import force_locale
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.desk.work import history
from ivr.store.facts.history import EXAMPLES, Absorbed, Entry, Freed, Opened, Resolved, Typed
from ivr.store.models import HistoryLine

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("entry", [*EXAMPLES, Opened(split_from=3), Resolved(result="not_reached"), Typed(text="米")])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_is_told_in_each_language(app: App, entry: Entry, language: str):
    """Names and what somebody wrote are left out: they are in their own language."""
    with app.test_request_context(), force_locale(language):
        told = history.what(entry, {"330206001001": "A", 2: "B", 3: "C"})
    said = told.replace(getattr(entry, "place", "") or "-", "")
    assert (language == "zh") is bool(CHINESE.search(said)), told
    assert told != entry.kind


def test_every_kind_has_its_sentence():
    """Those of ``SENTENCES``, and those that say more."""
    assert set(history.SENTENCES) <= set(Entry.KINDS.values())


def test_what_somebody_wrote_stands_beside_it_once():
    """A place that nobody knows is in the sentence already."""
    assert ("米", "没有车", "药店已送到") == tuple(
        history.words(entry) for entry in (Typed("米", "老鹰山"), Freed("没有车"), Resolved("药店已送到"))
    )
    assert "" == history.words(Absorbed([3]))


def test_a_kind_of_another_release_is_shown_by_its_name(app: App, db: Session):
    line = HistoryLine(at=datetime.now(UTC), kind="flown", detail={"to": "moon"})
    with app.test_request_context():
        assert ["flown"] == [told.what for told in history.tell(db, [line])]
