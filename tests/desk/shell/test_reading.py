"""Whoever reads a whole number, a card or a message is in the audit, and who tries to get in."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from ivr.app import App
from ivr.store.facts.audit import (
    ApiRead,
    CardRead,
    Deed,
    LoggedIn,
    LoggedOut,
    LoginFailed,
    LoginLocked,
    Read,
    Refused,
    StaffChanged,
)
from ivr.store.models import AuditLine
from ivr.store.people import throttle
from tests.desk.conftest import Visitor

Kept = Callable[..., list[Deed]]


@pytest.fixture
def kept(app: App) -> Kept:
    """What the audit has of these kinds."""

    def lines(*kinds: type[Deed]) -> list[Deed]:
        with app.sessions.read() as db:
            return [
                line.deed
                for line in db.scalars(select(AuditLine).order_by(AuditLine.id))
                if isinstance(line.deed, kinds)
            ]

    return lines


def test_every_page_that_shows_a_whole_number_or_a_message_is_kept(desk, visitor: Visitor, kept: Kept):
    """A54: with those that were on it; again within minutes is once."""
    visitor.log_in("supervisor")
    for path in (
        f"/desk/tickets/{desk.here}",
        f"/desk/tickets/{desk.here}",
        "/desk/calls",
        f"/desk/tickets/{desk.here}/card",
    ):
        assert 200 == visitor.get(path).status_code

    reads = kept(Read)
    assert Read("show_ticket", [desk.here], []) == reads[0]
    assert [1, 2] == next(read.calls for read in reads if read.page == "show_calls")
    assert 1 == sum(read.page == "show_ticket" for read in reads)
    assert [CardRead(desk.here)] == kept(CardRead)


def test_a_message_is_read_without_its_number(desk, visitor: Visitor, kept: Kept):
    """A volunteer who has not claimed sees the words; the list beside it is masked, and is no reading."""
    visitor.log_in("volunteer")
    for path in ("/desk/?view=all", f"/desk/tickets/{desk.here}"):
        visitor.get(path)
    assert [Read("show_ticket", [desk.here], [])] == kept(Read)


def test_getting_in_and_failing_to_is_kept_with_its_address(app: App, desk, visitor: Visitor, kept: Kept):
    """A69, A70: of a name that nobody has, no more than that it was tried; each line says where it came from."""
    visitor.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    visitor.log_in("nobody-s-secret", "wrong")
    for _ in range(throttle.NAME.free):
        visitor.log_in("officer", "wrong")
    visitor.log_in("officer")
    visitor.log_in("volunteer")
    visitor.post("/desk/logout")

    assert [*[LoginFailed()] * 6, LoginLocked(), LoggedIn(), LoggedOut()] == kept(
        LoginFailed, LoginLocked, LoggedIn, LoggedOut
    )
    with app.sessions.read() as db:
        lines = db.scalars(select(AuditLine).order_by(AuditLine.id)).all()
        assert [None, "officer", "volunteer"] == list(dict.fromkeys(line.staff and line.staff.name for line in lines))
        assert {"203.0.113.9"} == {line.address for line in lines}
        assert lines[-1].session == lines[-2].session != ""
        assert not any("nobody-s-secret" in str(line.detail) for line in lines)


def test_a_refused_signature_and_token_are_kept(client: FlaskClient, kept: Kept):
    """A2, A84: and the request is refused as before."""
    for _ in range(3):
        assert 403 == client.post("/voice/incoming", data={"CallSid": "CA1"}).status_code
        assert 401 == client.get("/api/v1/tickets").status_code
    assert [Refused("signature"), Refused("token")] == kept(Refused)


def test_an_api_list_is_kept_with_what_was_on_it(app: App, desk, kept: Kept):
    token = app.test_cli_runner().invoke(args=["token", "add", "reports"]).stdout.strip()
    for path in ("tickets", "calls", "tickets?status=closed"):
        app.test_client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}"})
    assert [ApiRead(1, "tickets", 1, 2, 2), ApiRead(1, "calls", 1, 2, 2)] == kept(ApiRead)


def test_the_command_line_is_kept_too(app: App, desk, kept: Kept):
    for args in (
        ["staff", "stop", "volunteer"],
        ["staff", "role", "admin", "supervisor"],
        ["staff", "link", "officer"],
    ):
        app.test_cli_runner().invoke(args=args)
    assert ["stopped", "role", "link"] == [deed.what for deed in kept(StaffChanged)]
