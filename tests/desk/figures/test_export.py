"""Downloads: exactly the rows of the list, masked as on the page, with a reason that stays in the audit."""

import csv
import io

import openpyxl
import pytest
import time_machine
from sqlalchemy import select

from ivr.app import App
from ivr.store.facts.audit import Exported
from ivr.store.models import AuditLine, Staff, Ticket
from ivr.store.reports import downloads
from tests import forty
from tests.desk.conftest import Visitor

DAY = f"from={forty.DAY}&to={forty.DAY}"


@pytest.fixture
def day(app: App, desk):
    with time_machine.travel(forty.NOW, tick=False):
        with app.sessions.begin() as db:
            forty.make(db)
        yield


def read(visitor: Visitor, what: str, address: str, reason: str = "月报") -> list[dict[str, str]]:
    answer = visitor.post(f"/desk/download/{what}?{address}", reason=reason, format="csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    text = answer.data.decode("utf-8-sig")
    answer.close()
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    ("address", "rows"),
    [(DAY, 41), (f"{DAY}&figure=calls", 40), (f"{DAY}&figure=abandoned&left_at=need", 3), (f"{DAY}&hour=9", 8)],
)
def test_a_download_of_calls_holds_what_the_list_shows(day, visitor: Visitor, address: str, rows: int):
    visitor.log_in("supervisor")
    found = read(visitor, "calls", address)

    assert rows == len(found)
    assert all(row["Time"].startswith("2026-03-02 ") for row in found), "days of the hotline's zone"


@pytest.mark.parametrize(("figure", "rows"), [("tickets", 12), ("broken", 2), ("overdue", 4)])
def test_a_download_of_tickets_holds_what_the_figure_counts(day, visitor: Visitor, figure: str, rows: int):
    visitor.log_in("supervisor")
    assert rows == len(read(visitor, "tickets", f"{DAY}&figure={figure}"))


def test_numbers_are_masked_as_on_the_page(day, app: App, visitor: Visitor):
    """An officer's calls without numbers; their communities' tickets with them; what they may not see is not there."""
    with app.sessions.begin() as db:
        ticket = db.scalars(select(Ticket).where(Ticket.need == "transport")).one()
        person = db.scalars(select(Staff).where(Staff.name == "officer")).one()
        ticket.community_code = person.community_codes[0]
    visitor.log_in("officer")
    calls, tickets = (read(visitor, what, "from=2026-01-01&to=2026-03-03") for what in ("calls", "tickets"))

    assert all(row["Caller"].startswith("••••") or row["Caller"] == "number withheld" for row in calls)
    assert {"银杏社区"} == {row["Community"] for row in tickets}


def test_the_reason_stands_in_the_audit_with_what_was_taken(day, app: App, visitor: Visitor):
    visitor.log_in("supervisor")
    read(visitor, "calls", DAY, "给街道的月报")

    with app.sessions.read() as db:
        line = db.scalars(select(AuditLine).where(AuditLine.kind == Exported.kind)).one()
    assert Exported("calls", "2026-03-02", "2026-03-02", 41, "给街道的月报") == line.deed
    assert "给街道的月报" in visitor.get("/desk/audit").text


def test_without_a_reason_there_is_no_file(day, visitor: Visitor):
    visitor.log_in("supervisor")
    page = visitor.post(f"/desk/download/calls?{DAY}", reason=" x ", format="xlsx")

    assert 422 == page.status_code
    assert "Say in a few words what it is for." in page.text


def test_too_many_lines_are_told_before_any_is_written(day, visitor: Visitor, monkeypatch):
    monkeypatch.setattr(downloads, "MAX_ROWS", 39)
    visitor.log_in("supervisor")
    page = visitor.post(f"/desk/download/calls?{DAY}", reason="month", format="xlsx")

    assert 422 == page.status_code
    assert "More than 39 lines." in page.text


def test_a_workbook_opens_and_counts_the_same(day, visitor: Visitor):
    visitor.log_in("supervisor")
    answer = visitor.post(f"/desk/download/tickets?{DAY}", reason="month", format="xlsx")
    (sheet,) = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets
    answer.close()

    assert 12 + 1 == sheet.max_row
