"""Sheets as a printer gets them: A4, the head of the log on every page, no line torn in two, nothing of the desk."""

import io
from datetime import timedelta

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from ivr.app import App
from ivr.desk.shell.guard import now
from ivr.store.models import CallerCard, HistoryLine, Staff
from tests.browser.conftest import Desk
from tests.builders import new_call, new_community, new_ticket

A4_PT = (595, 842)
COLUMNS = ("Time", "Caller", "Community", "Kind", "Content", "Handed to", "Result")


def pdf(page: Page) -> list[tuple[tuple[int, int], str]]:
    """What the browser would print: the size of each page in points, and its text."""
    reader = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    return [
        ((round(sheet.mediabox.width), round(sheet.mediabox.height)), " ".join(sheet.extract_text().split()))
        for sheet in reader.pages
    ]


def test_the_log_is_a4_across_with_its_head_on_every_page(app: App, desk: Desk):
    """Sixty calls: each on exactly one page, the pages counted, empty lines at the end, the desk's bar nowhere."""
    with app.sessions.begin() as db:
        for n in range(100, 160):
            caller = f"+86138000{n:05d}"
            ticket = new_ticket(db, caller=caller, opened_at=now() - timedelta(minutes=n))
            new_call(db, ticket=ticket, caller=caller, started_at=now() - timedelta(minutes=n))
    page = desk.log_in("李四")
    desk.speak("en")
    day = now().astimezone(app.settings.zone).date()
    desk.open(f"/desk/paper/calls?from={day - timedelta(days=1)}&to={day}")
    sheets = pdf(page)

    assert len(sheets) > 2
    for number, (size, text) in enumerate(sheets, 1):
        assert A4_PT[::-1] == size
        assert all(column in text for column in COLUMNS), text
        assert f"{number} / {len(sheets)}" in text
        assert "Neighbourhood Hotline · Call log" in text
        assert "printed by" in text
        assert "Log out" not in text
    for n in range(100, 160):
        assert 1 == sum(text.count(f"138 0000 0{n}") for _size, text in sheets), n


def test_no_line_of_the_log_is_torn_and_the_pen_has_room(app: App, desk: Desk):
    page = desk.log_in("李四")
    desk.open("/desk/paper/calls")
    page.emulate_media(media="print")

    assert {"avoid"} == set(
        page.eval_on_selector_all(".log tr", "rows => rows.map(row => getComputedStyle(row).breakInside)")
    )
    blank = page.locator(".log .blank tr")
    assert 6 == blank.count()
    assert blank.first.bounding_box()["height"] >= 40, "11 mm"
    assert "table-header-group" == page.locator(".log thead").evaluate("head => getComputedStyle(head).display")


@pytest.mark.parametrize(("number", "pages"), [(1, 1), (2, 1), (5, 3)])
def test_two_slips_go_on_an_a4_page(app: App, desk: Desk, number: int, pages: int):
    with app.sessions.begin() as db:
        mine = db.query(Staff).filter_by(name="张三").one()
        for _ in range(number):
            new_ticket(db, claimed_by=mine)
    page = desk.log_in("张三")
    desk.open("/desk/paper/slips")
    sheets = pdf(page)

    assert [A4_PT] * pages == [size for size, _text in sheets]
    page.emulate_media(media="print")
    assert page.locator(".slip-caller").first.evaluate("line => parseFloat(getComputedStyle(line).fontSize)") >= 26


def test_two_hundred_communities_go_on_few_pages(app: App, desk: Desk):
    """In columns, each with its number in large type."""
    with app.sessions.begin() as db:
        for n in range(200):
            new_community(db, f"33020600{n:04d}", f"第{n}社区", f"第{n // 12}街道", keypad=str(200 + n))
    page = desk.log_in("李四")
    desk.open("/desk/paper/directory")
    sheets = pdf(page)

    assert {A4_PT} == {size for size, _text in sheets}
    assert len(sheets) <= 3
    everything = " ".join(text for _size, text in sheets)
    assert all(str(200 + n) in everything for n in range(200))
    page.emulate_media(media="print")
    assert page.locator(".wall-streets b").first.evaluate("b => parseFloat(getComputedStyle(b).fontSize)") >= 26


def test_the_longest_names_and_words_stay_in_their_cells(app: App, desk: Desk):
    """A card filled to its limits, a note without a space: nothing runs over the edge, on a telephone or on paper."""
    with app.sessions.begin() as db:
        mine = db.query(Staff).filter_by(name="李四").one()
        ticket = new_ticket(db, claimed_by=mine, urgent=True)
        new_call(db, ticket=ticket)
        db.add(HistoryLine(ticket_id=ticket.id, at=now(), kind="note", detail={"text": "x" * 4000}))
        long = {"name": "名" * 64, "address": "W" * 200, "hearing": "听" * 200, "family_name": "W" * 64}
        db.add(CallerCard(phone_id=ticket.caller_id, consent_at=now(), updated_at=now(), **long))
    page = desk.log_in("李四")
    for path in ("/desk/paper/calls", "/desk/paper/slips"):
        page.set_viewport_size({"width": 360, "height": 740})
        desk.open(path)
        assert 360 == page.evaluate("document.documentElement.scrollWidth"), path

        page.set_viewport_size({"width": 1047, "height": 740})  # A4 across, without its margins
        page.emulate_media(media="print")
        wide = "boxes => boxes.filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.outerHTML)"
        assert [] == page.eval_on_selector_all(".log td, .slip, .slip dd, .slip-words", wide), path
        page.emulate_media(media="screen")


def test_the_key_that_prints_prints(desk: Desk):
    """With a script there is a key; the rest of the page needs none."""
    page = desk.log_in("李四")
    page.add_init_script("window.print = () => { window.printed = true }")
    desk.open("/desk/paper/directory")
    page.locator("[data-print]").click()

    assert page.evaluate("window.printed")


def test_without_a_script_the_sheet_is_there_all_the_same(desk: Desk, browser, live_server: str):
    page = desk.log_in("李四")
    cookies = page.context.cookies()
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(cookies)
    plain = context.new_page()
    plain.goto(f"{live_server}/desk/paper/directory")

    assert plain.locator(".sheet.wall").is_visible()
    assert plain.locator("[data-print]").is_hidden()
    assert plain.get_by_text("银杏社区").count() == 1
    context.close()
