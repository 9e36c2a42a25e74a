"""A supervisor's morning: how it went, down to one call, a download for the street office, the report on paper."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from ivr.app import App
from ivr.desk.shell.guard import now
from tests.browser.town import Person
from tests.builders import new_call, new_community, new_recording, new_staff, new_ticket, new_turn

HERE = "330206001001"


@pytest.fixture
def today(app: App) -> None:
    """Three calls so far: a message, somebody who hung up at the first question, a wrong number."""
    with app.sessions.begin() as db:
        new_community(db, HERE)
        new_staff(db, "李四", "supervisor")
        ticket = new_ticket(db, claimed_by=new_staff(db, "张三"))
        call = new_call(db, ticket=ticket, started_at=now())
        new_turn(db, call)
        new_recording(db, call)
        new_call(db, caller="+8613800000002", started_at=now(), seconds=20, outcome="hung_up", left_at="need")
        new_call(db, caller="+8613800000003", started_at=now(), seconds=2, outcome="hung_up", left_at="need")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_supervisors_morning(app: App, today, page: Page, live_server: str, language: str):
    me = Person(page, live_server, "李四", language)
    me.arrives()

    # how it went, drawn and as a table
    me.follows("Figures")
    expect(page.locator("canvas")).to_have_count(2)
    figures = page.locator("table.numbers").first.locator("tbody tr")
    assert ["3", "0", "1", "0", "1", "1"] == [figures.nth(n).locator("td").first.inner_text() for n in range(6)]
    me.needs_no_better_eyes()

    # who hung up? one call, and where
    with page.expect_navigation():
        page.locator("a[href*='figure=abandoned']").first.click()
    expect(page.locator("tr.line")).to_have_count(1)
    expect(page.locator("main")).to_contain_text("138 0000 0002")

    # the street office wants it as a table
    me.follows("Download")
    me.writes("What is it for?", "街道晨会")
    with page.expect_download() as given:
        page.get_by_role("button", name="CSV").click()
    rows = list(csv.reader(io.StringIO(Path(given.value.path()).read_text("utf-8-sig"), newline="")))
    assert 2 == len(rows)
    assert "138 0000 0002" in rows[1]

    # and the day on paper
    me.open(f"/desk/report?day={now().astimezone(app.settings.zone).date()}")
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert [(595, 842), (595, 842)] == [(round(each.mediabox.width), round(each.mediabox.height)) for each in sheets]
    me.had_no_trouble()
