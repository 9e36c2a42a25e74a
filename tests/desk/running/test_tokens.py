"""Tokens of other systems, as an administrator makes and revokes them."""

import re
from datetime import UTC, datetime

from sqlalchemy import select

from ivr.app import App
from ivr.store.facts.audit import TokenMade, TokenRevoked
from ivr.store.models import AuditLine
from ivr.store.people import tokens
from tests.desk.conftest import Visitor

SECRET = re.compile(r"<code>([\w-]{43})</code>")


def test_a_token_is_shown_once_opens_the_api_and_is_revoked(app: App, visitor: Visitor):
    visitor.log_in("admin")
    secret = SECRET.search(visitor.post("/desk/tokens", name="街道平台").text)[1]
    with app.sessions.read() as db:
        assert "街道平台" == tokens.find(db, secret, datetime.now(UTC)).name
    assert not SECRET.search(visitor.get("/desk/tokens").text)
    assert 422 == visitor.post("/desk/tokens", name="街道平台").status_code
    assert 422 == visitor.post("/desk/tokens", name=" ").status_code

    visitor.post("/desk/tokens/1/revoke")
    with app.sessions.read() as db:
        assert None is tokens.find(db, secret, datetime.now(UTC))
        kept = [line.deed for line in db.scalars(select(AuditLine).order_by(AuditLine.id))][-2:]
    assert [TokenMade(1), TokenRevoked(1)] == kept
    assert 404 == visitor.post("/desk/tokens/99/revoke").status_code
