"""A legal hold at the desk: who sees it, and that it holds what pages and nights would erase."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from ivr.app import App
from ivr.store.facts.audit import Held, Unheld
from ivr.store.keeping import holds
from ivr.store.models import AuditLine, LegalHold, Ticket
from tests.builders import CALLER
from tests.desk.conftest import Visitor

WHY = "letter of the court of 3 May"
NUMBER = {"number": CALLER.removeprefix("+86"), "reason": "her daughter asked"}


@pytest.fixture
def path(desk) -> str:
    return f"/desk/tickets/{desk.here}"


def held(app: App, ticket_id: int) -> bool:
    with app.sessions.read() as db:
        return db.get(LegalHold, ticket_id) is not None


def test_a_supervisor_keeps_a_ticket_and_lifts_that(app: App, desk, visitor: Visitor, path: str):
    """A113: with a reason, and with a box that is ticked; the audit has both."""
    visitor.log_in("supervisor")
    assert "Keep this ticket" in visitor.get(path).text
    assert 422 == visitor.post(f"{path}/hold", hold_why=" ").status_code

    assert 302 == visitor.post(f"{path}/hold", hold_why=WHY).status_code
    page = visitor.get(path).text
    assert "Keep this ticket" not in page
    assert all(words in page for words in ("legal hold", "kept since", "<bdi>supervisor</bdi>", WHY))
    assert all(words in visitor.post("/desk/number", **NUMBER).text for words in ("Legal hold", WHY))
    assert "open or held" in visitor.post("/desk/number/erased", **NUMBER, tail=CALLER[-4:]).text

    refused = visitor.post(f"{path}/unhold")
    assert (422, True) == (refused.status_code, held(app, desk.here))
    assert "Tick the box" in refused.text
    assert 302 == visitor.post(f"{path}/unhold", lift="yes").status_code
    assert not held(app, desk.here)
    assert WHY not in visitor.get(path).text
    with app.sessions.read() as db:
        lines = db.scalars(select(AuditLine).where(AuditLine.kind.in_([Held.kind, Unheld.kind])).order_by(AuditLine.id))
        told = [(line.staff and line.staff.name, line.deed) for line in lines]
    assert [("supervisor", Held(desk.here)), ("supervisor", Unheld(desk.here))] == told


@pytest.mark.parametrize("role", ["volunteer", "officer"])
def test_nobody_else_sees_that_or_why(app: App, desk, visitor: Visitor, path: str, role: str):
    """Nor whoever has claimed it."""
    with app.sessions.begin() as db:
        holds.hold(db, db.get_one(Ticket, desk.here), WHY, datetime.now(UTC))
    visitor.log_in(role)
    visitor.post(f"{path}/claim")
    page = visitor.get(path)
    assert 200 == page.status_code
    assert not [words for words in (WHY, "egal hold", "Keep this ticket", "/unhold") if words in page.text]
    assert {403} == {
        visitor.post(f"{path}/{verb}", hold_why="w", lift="yes").status_code for verb in ("hold", "unhold")
    }
    assert held(app, desk.here)


def test_one_set_by_command_says_so_and_anothers_is_not_written_over(app: App, desk, visitor: Visitor, path: str):
    visitor.log_in("supervisor")
    with app.sessions.begin() as db:
        holds.hold(db, db.get_one(Ticket, desk.here), WHY, datetime.now(UTC))
    assert "on the command line" in visitor.get(path).text
    late = visitor.post(f"{path}/hold", hold_why="another")
    assert 409 == late.status_code
    assert WHY in late.text
