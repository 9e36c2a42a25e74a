"""What is typed is kept while it is typed, for its writer alone, until it is sent."""

import pytest

from ivr.app import App
from ivr.desk.work import drafts
from tests.desk.conftest import Visitor


@pytest.fixture(autouse=True)
def fresh_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "rate", drafts.Rate())


def path(desk) -> str:
    return f"/desk/tickets/{desk.here}"


def keep(visitor: Visitor, desk, text: str = "half a sentence", field: str = "note") -> int:
    """As the page's script does, with the token in a header."""
    form = {"field": field, "text": text}
    return visitor.client.post(f"{path(desk)}/drafts", data=form, headers={"X-CSRFToken": visitor.token}).status_code


def test_a_draft_survives_a_logout_and_is_gone_once_sent(app: App, desk, visitor: Visitor):
    """On another computer, too."""
    visitor.log_in("supervisor")
    assert 204 == keep(visitor, desk)
    visitor.post("/desk/logout")
    elsewhere = Visitor(app.test_client())
    elsewhere.log_in("supervisor")
    assert ">half a sentence</textarea>" in elsewhere.get(path(desk)).text

    answer = elsewhere.post(f"{path(desk)}/note", note="a whole sentence")
    assert answer.location.endswith("#sent-note"), "the script forgets its own copy"
    assert "half a sentence" not in elsewhere.get(path(desk)).text


def test_nobody_else_sees_it(app: App, desk, visitor: Visitor):
    visitor.log_in("supervisor")
    keep(visitor, desk)
    other = Visitor(app.test_client())
    other.log_in("officer")

    assert "half a sentence" not in other.get(path(desk)).text


def test_a_draft_needs_its_token(desk, visitor: Visitor):
    visitor.log_in("supervisor")
    form = {"field": "note", "text": "x"}

    assert 400 == visitor.client.post(f"{path(desk)}/drafts", data=form).status_code


@pytest.mark.parametrize(
    ("field", "text", "status"), [("status", "x", 400), ("note", "字" * 4001, 413), ("note", "a\0b", 400)]
)
def test_what_is_no_draft_is_refused(desk, visitor: Visitor, field: str, text: str, status: int):
    visitor.log_in("supervisor")

    assert status == keep(visitor, desk, text, field)


def test_nobody_saves_without_end(desk, visitor: Visitor, monkeypatch: pytest.MonkeyPatch):
    """Each person has a rate of their own."""
    monkeypatch.setattr(drafts, "MAX_SAVES", 2)
    visitor.log_in("supervisor")

    assert [204, 204, 429] == [keep(visitor, desk, f"{n}") for n in range(3)]
    visitor.post("/desk/logout")
    visitor.log_in("officer")
    assert 204 == keep(visitor, desk)


def test_markup_in_a_draft_is_text(desk, visitor: Visitor):
    """A59"""
    visitor.log_in("supervisor")
    keep(visitor, desk, "</textarea><script>alert(1)</script>")

    assert "<script>alert" not in visitor.get(path(desk)).text
