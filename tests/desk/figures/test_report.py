"""The day's report: on paper, as a workbook, on the command line; the same figures everywhere, corrections told."""

import io
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
import time_machine
from sqlalchemy import select

from ivr.app import App
from ivr.store.models import HistoryLine, Staff, Ticket
from tests import forty
from tests.desk.conftest import Visitor


@pytest.fixture
def day(app: App, desk):
    """The forty calls; the next day at half past seven a ticket is moved to another need."""
    with time_machine.travel(forty.NOW, tick=False):
        with app.sessions.begin() as db:
            forty.make(db)
            ticket = db.scalars(select(Ticket).where(Ticket.need == "transport")).one()
            ticket.need = "food"
            li = db.scalars(select(Staff.id).where(Staff.name == "li")).one()
            detail, late = {"from": "transport", "to": "food"}, forty.NOW - timedelta(minutes=30)
            db.add(HistoryLine(ticket_id=ticket.id, staff_id=li, at=late, kind="need", detail=detail))
        yield


def workbook(content: bytes) -> dict[str, list[tuple]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(min_row=2, values_only=True)) for sheet in book}


def test_yesterdays_report_is_two_sheets_with_the_days_figures(day, visitor: Visitor):
    visitor.log_in("supervisor")
    page = visitor.get("/desk/report").text

    assert 2 == page.count('<article class="sheet report">')
    assert "Report of 2026-03-02" in page
    words = " ".join(page.split())
    assert "A ride</bdi> → <bdi>Food" in words or "a ride</bdi> → <bdi>food" in words
    assert "2026-03-03 07:30 <bdi>li</bdi>" in words


def test_the_workbook_holds_the_same(day, visitor: Visitor):
    visitor.log_in("supervisor")
    answer = visitor.get(f"/desk/report.xlsx?day={forty.DAY}")
    sheets = workbook(answer.data)
    answer.close()
    figures = {row[0]: row[1] for row in sheets["Figures"]}

    assert {*forty.OF_CALLS.values()} <= {*figures.values()}
    assert (40, 7, 2) == (figures["Calls"], figures["Hung up"], figures["Promise broken"])
    assert 24 == len(sheets["Hours"])
    assert 40 == sum(row[1] for row in sheets["Hours"])
    ((_, who, _, what, before, after),) = sheets["Corrections"]
    assert ("li", "Need", "a ride", "food") == (who, what, before, after)


def test_an_admins_report_names_nobody(day, visitor: Visitor):
    visitor.log_in("admin")
    page = visitor.get("/desk/report").text

    assert "zhang" not in page
    assert "<bdi>li</bdi>" not in page


def test_the_command_tells_a_day_and_writes_it(day, app: App, tmp_path: Path):
    file = tmp_path / "day.xlsx"
    done = app.test_cli_runner().invoke(args=["report", "day", "--language", "en", "--xlsx", str(file)])

    assert 0 == done.exit_code, done.output
    assert "Calls: 40 (3)" in done.stdout.splitlines()
    assert 40 == dict(row[:2] for row in workbook(file.read_bytes())["Figures"])["Calls"]


@pytest.mark.parametrize("args", [["2026-13-01"], ["--language", "tlh"]])
def test_the_command_says_what_it_does_not_know(day, app: App, args: list[str]):
    done = app.test_cli_runner().invoke(args=["report", "day", *args])

    assert (2, "") == (done.exit_code, done.stdout)
