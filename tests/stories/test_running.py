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
