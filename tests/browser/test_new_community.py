"""A new community, its duty contact and its other names come by a workbook, and the next caller is understood."""

from io import BytesIO

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from ivr.app import App
from ivr.store.models import Ticket
from tests.browser.town import SUPERVISOR, Person, caller, ring
from tests.builders import new_community, new_staff

HEAD = ["code", "name", "street", "district", "aliases", "phone", "duty_contact", "duty_phone", "duty_hours"]
LOTUS = ["330206009001", "荷花社区", "大碶街道", "北仑区", "荷塘苑;老荷花", "0574-5550 0103"]
CONTACT = ["陈书记", "０５７４－５５５００１３１", "8-12"]


@pytest.fixture
def town(app: App) -> None:
    with app.sessions.begin() as db:
        new_community(db)
        new_staff(db, SUPERVISOR, "supervisor")


def workbook(*rows: list[str]) -> dict[str, object]:
    book, kept = Workbook(), BytesIO()
    for row in (HEAD, *rows):
        book.active.append(row)
    book.save(kept)
    return {"name": "communities.xlsx", "mimeType": "application/octet-stream", "buffer": kept.getvalue()}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_new_community_comes_by_a_workbook(app: App, town, page: Page, live_server: str, language: str):
    me = Person(page, live_server, SUPERVISOR, language)
    me.arrives()
    me.open("/desk/directory")
    me.follows("Import a list")

    # a number with a digit too few: named, and nothing changes
    page.locator("#file").set_input_files(workbook([*LOTUS, "陈书记", "138 0013 800", "8-12"]))
    me.presses("Show what would change")
    expect(page.locator("main [role=alert]")).to_contain_text("duty_phone")
    me.reads("Nothing was changed.")
    me.needs_no_better_eyes()

    page.locator("#file").set_input_files(workbook([*LOTUS, *CONTACT]))
    me.presses("Show what would change")
    expect(page.locator("main")).to_contain_text("陈书记")
    me.needs_no_better_eyes()
    page.locator("main form button.btn-main").click()
    me.page.wait_for_url("**/desk/directory")

    # somebody rings, and says where they live as the neighbours do
    ring(app, caller(1)).dial().press("1").speak("荷塘苑").hang_up()
    with app.sessions.read() as db:
        ticket = db.query(Ticket).one()
        assert "330206009001" == ticket.community_code
        number = ticket.id
    me.open(f"/desk/tickets/{number}")
    expect(page.locator(".duty")).to_contain_text("陈书记")
    expect(page.locator(".duty a[href='tel:+8657455500131']")).to_be_visible()
    me.needs_no_better_eyes()
    me.had_no_trouble()
