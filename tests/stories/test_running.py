"""What its people change about the line, the next caller hears; without a restart, in every process."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from ivr.app import App
from ivr.store.facts import line
from ivr.store.line import changes
from ivr.store.line.changes import About
from tests.stories.conftest import Ring

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def test_a_sentence_that_is_published_is_heard_on_the_next_call(app: App, ring: Ring, db: Session):
    """And no longer once it is put back."""
    assert "请讲" not in ring().dial().said
    with app.sessions.begin() as writing:
        about = About(line.Sentence, "zh/greet")
        change = changes.make(writing, None, about, line.Sentence("{hotline}，请讲。"), NOW)
    assert "请讲" in ring().dial().said

    with app.sessions.begin() as writing:
        changes.make(writing, None, about, change.was, NOW)
    assert "请讲" not in ring().dial().said


def test_a_draft_is_heard_by_no_caller(app: App, ring: Ring):
    with app.sessions.begin() as writing:
        changes.make(writing, None, About(line.Draft, "zh/greet"), line.Draft("{hotline}，请讲。"), NOW)
    assert "请讲" not in ring().dial().said


def test_how_a_community_is_just_now_is_told_to_its_callers_alone(app: App, ring: Ring):
    """S22"""
    with app.sessions.begin() as writing:
        about = About(line.Status, "330206001001")
        changes.make(writing, None, about, line.Status("closed", "北门交接"), NOW)
    for caller, keypad, told in (("+8613800000001", "101", True), ("+8613800000002", "102", False)):
        phone = ring(caller=caller).dial().press("1").press(keypad).leave_message(key="#").silent()
        assert told is ("银杏社区现在封闭" in phone.said)
