"""A name that two communities bear, typed into any field of the desk: which one, with a button for each."""

import re
from datetime import UTC, datetime

import pytest

from ivr.app import App
from ivr.store.directory import importing
from ivr.store.models import Ticket
from routing.directory import Community
from tests.desk.conftest import HERE, Visitor

TWINS = {"330206003001": "大榭街道", "330206003002": "白峰街道"}
BUTTON = re.compile(r'<button class="btn btn-choice" name="(\w+)" value="(\d+)"><bdi>红联社区')


@pytest.fixture
def twins(app: App, desk) -> None:
    """Two places of one name, and one with that as its other name elsewhere."""
    with app.sessions.begin() as db:
        listed = [Community(code, "红联社区", street, "北仑区", aliases=("红联",)) for code, street in TWINS.items()]
        importing.put(db, listed, datetime.now(UTC), replace=False)


def community(app: App, ticket_id: int) -> str | None:
    with app.sessions.read() as db:
        return db.get_one(Ticket, ticket_id).community_code


@pytest.mark.usefixtures("twins")
@pytest.mark.parametrize("typed", ["红联社区", "红联", " 红联 "])
def test_correcting_to_a_shared_name_asks_which_one(app: App, desk, visitor: Visitor, typed: str):
    """O1: two buttons, each with its street; a press on one places the ticket."""
    visitor.log_in("supervisor")
    path = f"/desk/tickets/{desk.here}/community"
    answer = visitor.post(path, community=typed)

    assert 422 == answer.status_code
    assert "There are 2. Which one is it?" in answer.text
    assert "No community has this name" not in answer.text
    assert [("community", code) for code in sorted(TWINS)] == sorted(BUTTON.findall(answer.text))
    assert all(street in answer.text for street in TWINS.values())
    assert HERE == community(app, desk.here)

    visitor.post(path, community="330206003002")
    assert "330206003002" == community(app, desk.here)


@pytest.mark.usefixtures("twins")
def test_which_one_is_asked_in_chinese_too(desk, visitor: Visitor):
    """O1"""
    visitor.log_in("supervisor")
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh"
    page = visitor.post(f"/desk/tickets/{desk.here}/community", community="红联")
    assert "有2个，是哪一个？" in page.text


@pytest.mark.usefixtures("twins")
@pytest.mark.parametrize(
    ("path", "field", "shown"),
    [
        ("/desk/calls", "community", "红联社区 · 白峰街道"),
        ("/desk/filter", "place", "红联社区 · 白峰街道"),
        ("/desk/paper/calls", "community", "白峰街道"),
    ],
)
def test_a_filter_by_a_shared_name_asks_which_one(visitor: Visitor, path: str, field: str, shown: str):
    """O1, of the same kind: the button's code follows what was typed, and the last one given counts."""
    visitor.log_in("supervisor")
    page = visitor.get(path, query_string={field: "红联"})
    assert "There are 2. Which one is it?" in page.text
    assert {(field, code) for code in TWINS} == set(BUTTON.findall(page.text))

    chosen = visitor.get(path, query_string=[(field, "红联"), (field, "330206003002")], follow_redirects=True)
    assert (200, False, True) == (chosen.status_code, "Which one is it?" in chosen.text, shown in chosen.text)


@pytest.mark.usefixtures("twins")
def test_a_rule_and_a_card_ask_which_one_too(app: App, desk, visitor: Visitor):
    """O1, of the same kind."""
    visitor.log_in("supervisor")
    rule = visitor.post("/desk/notices/rules", occasion="new", where="红联")
    assert {("where", code) for code in TWINS} == set(BUTTON.findall(rule.text))

    card = visitor.post(f"/desk/tickets/{desk.here}/card", version="0", consent="1", community="红联")
    assert (422, {("community", code) for code in TWINS}) == (card.status_code, set(BUTTON.findall(card.text)))


@pytest.mark.usefixtures("twins")
def test_enter_in_the_field_chooses_none_of_the_buttons(desk, visitor: Visitor):
    """A form is sent by its first button; that one says nothing."""
    visitor.log_in("supervisor")
    page = visitor.get("/desk/calls", query_string={"community": "红联"}).text
    form = page[page.index('action="/desk/calls"') :]
    assert form.index("<button hidden></button>") == form.index("<button")
