"""What its people change about the line, the next caller hears; without a restart, in every process."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from ivr.app import App
from ivr.store.facts import line
from ivr.store.line import changes
from ivr.store.line.changes import About
from tests.stories.conftest import GINKGO_ONLY, Ring

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


def test_a_bulletin_is_heard_after_the_greeting_by_those_whom_it_is_for(app: App, ring: Ring):
    """S13, S15: in its language, in its time, in its area; never in an emergency."""
    begins, ends = (str(datetime.now(UTC) + timedelta(hours=hours)) for hours in (-1, 1))
    for key, text, areas in (("all", "明天停水。", []), ("here", "诊所搬家。", ["330206001001"])):
        with app.sessions.begin() as writing:
            bulletin = line.Bulletin(text, "zh", begins, ends, areas)
            changes.make(writing, None, About(line.Bulletin, key), bulletin, NOW)
    phone = ring().dial()
    assert "明天停水" in phone.said
    assert "诊所搬家" not in phone.said
    assert "停水" not in phone.speak("救命，着火了").said
    assert "诊所搬家" in ring(caller="+8613800000009", called=GINKGO_ONLY).dial().said
