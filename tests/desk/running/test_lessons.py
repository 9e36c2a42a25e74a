"""Corrected needs teach: what was said waits for a supervisor, and what they accept the next call understands."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from ivr.app import App
from ivr.store.facts import line
from ivr.store.models import LineChange
from ivr.store.tickets import correcting
from tests.builders import new_call, new_staff, new_ticket, new_turn
from tests.desk.conftest import Visitor

PATH = "/desk/needs/lessons"
SAID = "屋里没啥嚼谷了"


@pytest.fixture
def supervisor(visitor: Visitor) -> Visitor:
    visitor.log_in("supervisor")
    return visitor


def misheard(app: App, said: str = SAID, *, test: bool = False) -> None:
    """A call that was understood as anything else, and put right by staff."""
    with app.sessions.begin() as db:
        ticket = new_ticket(db, need="other", test=test)
        new_turn(db, new_call(db, ticket=ticket), heard={"kind": "speech", "text": said}, understood={"need": "other"})
        correcting.correct_need(
            db, new_staff(db, f"corrector {ticket.id}", "supervisor"), ticket.id, "food", datetime.now(UTC)
        )


def decide(app: App, supervisor: Visitor, **fields: str) -> int:
    form = {"lesson": line.lesson_key("zh", SAID), "need": "food", "does": "teach", "words": "嚼谷"}
    return supervisor.post(PATH, **form | fields).status_code


def reads(app: App, said: str) -> tuple[str, ...]:
    return app.line.now().reader("zh", "CN").read(said).needs


def test_what_was_said_waits_and_is_understood_when_it_is_taught(app: App, supervisor: Visitor):
    misheard(app)
    misheard(app)
    page = supervisor.get(PATH).text
    assert SAID in page
    assert "heard in 2 calls" in page
    assert 302 == decide(app, supervisor)
    assert ("food",) == reads(app, "我要嚼谷")
    assert SAID not in supervisor.get(PATH).text
    assert "嚼谷" in supervisor.get("/desk/changes").text


def test_what_teaches_nothing_does_not_come_back(app: App, supervisor: Visitor):
    misheard(app)
    assert 302 == decide(app, supervisor, does="leave")
    misheard(app)
    assert SAID not in supervisor.get(PATH).text
    assert () == app.line.now().vocabulary("zh").needs


@pytest.mark.parametrize("words", ["", "嚼", "没", "着火"])
def test_words_that_cannot_be_taught_come_back_with_the_reason(app: App, supervisor: Visitor, words: str):
    misheard(app)
    assert 422 == decide(app, supervisor, words=words)
    assert () == app.line.now().vocabulary("zh").needs


def test_what_somebody_else_decided_is_told(app: App, supervisor: Visitor):
    misheard(app)
    decide(app, supervisor)
    assert 409 == decide(app, supervisor)


def test_a_test_call_and_a_need_that_was_understood_teach_nothing(app: App, supervisor: Visitor):
    misheard(app, test=True)
    with app.sessions.begin() as db:
        ticket = new_ticket(db, need="other")
        new_turn(db, new_call(db, ticket=ticket), heard={"kind": "speech", "text": SAID}, understood={"need": "food"})
        correcting.correct_need(
            db, new_staff(db, f"corrector {ticket.id}", "supervisor"), ticket.id, "food", datetime.now(UTC)
        )
    assert SAID not in supervisor.get(PATH).text


def test_no_word_of_a_callers_is_kept_in_a_lesson_that_teaches_nothing(app: App, supervisor: Visitor):
    misheard(app)
    decide(app, supervisor, does="leave")
    with app.sessions.read() as db:
        (kept,) = db.scalars(select(LineChange))
        assert "嚼谷" not in f"{kept.key} {kept.after}"
