"""Tokens of other systems, as an administrator makes and revokes them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from ivr.app import App
from ivr.store.facts.audit import TokenMade, TokenRevoked
from ivr.store.models import AuditLine
from ivr.store.people import tokens
from tests.desk.conftest import HERE, Visitor

FORM = {"name": "街道平台", "scopes": ["tickets"], "communities": "", "days": "30", "per_minute": "10"}
SECRET = re.compile(r"<code>([\w-]{43})</code>")


def test_a_token_is_shown_once_opens_the_api_and_is_revoked(app: App, visitor: Visitor):
    visitor.log_in("admin")
    secret = SECRET.search(visitor.post("/desk/tokens", **FORM).text)[1]
    with app.sessions.read() as db:
        assert "街道平台" == tokens.find(db, secret, datetime.now(UTC)).name
    assert not SECRET.search(visitor.get("/desk/tokens").text)
    assert "There is, or was, a token of this name." in visitor.post("/desk/tokens", **FORM).text

    visitor.post("/desk/tokens/1/revoke")
    with app.sessions.read() as db:
        assert None is tokens.find(db, secret, datetime.now(UTC))
        kept = [line.deed for line in db.scalars(select(AuditLine).order_by(AuditLine.id))][-2:]
    assert [TokenMade(1), TokenRevoked(1)] == kept
    assert 404 == visitor.post("/desk/tokens/99/revoke").status_code


def test_a_token_reads_what_was_ticked_of_the_communities_that_were_named(app: App, visitor: Visitor):
    """A84: the form is held by the API, and the page says what each token is for and when it was last used."""
    visitor.log_in("admin")
    page = visitor.post("/desk/tokens", **FORM | {"communities": HERE, "per_minute": "2"}).text
    program = app.test_client()
    program.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {SECRET.search(page)[1]}"
    answers = [program.get(f"/api/v1/{path}") for path in ("tickets", "calls", "tickets")]
    assert [200, 403, 429] == [answer.status_code for answer in answers]
    assert ([HERE], [None]) == (
        [ticket["community"]["code"] for ticket in answers[0].json["items"]],
        [ticket["caller"] for ticket in answers[0].json["items"]],
    )
    with app.sessions.read() as db:
        (token,) = tokens.everyone(db)
        assert timedelta(days=30) == token.expires_at - token.created_at
    page = visitor.get("/desk/tokens").text
    for words in ("银杏社区", "2 requests a minute at most", "last used"):
        assert words in page


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": " "}, "A name has 1 to 64 characters."),
        ({"scopes": ["numbers"]}, "Tick what it may read."),
        ({"communities": "无名社区"}, "“无名社区”"),
        ({"days": "0"}, "A number from 1 to 3650."),
        ({"days": "9999"}, "A number from 1 to 3650."),
        ({"per_minute": "-1"}, "A number from 1 to 60000."),
    ],
)
def test_a_form_that_asks_for_too_much_makes_no_token(app: App, visitor: Visitor, form: dict[str, object], said: str):
    visitor.log_in("admin")
    answer = visitor.post("/desk/tokens", **FORM | form)
    assert (422, True) == (answer.status_code, said in answer.text)
    with app.sessions.read() as db:
        assert [] == tokens.everyone(db)
