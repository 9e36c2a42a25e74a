"""A partner line in a real browser: entered, a ticket passed to it and found again, for every eye, on a telephone."""

from playwright.sync_api import Page, expect

from ivr.app import App
from ivr.store.models import Staff
from ivr.store.tickets import work
from tests.browser.conftest import Desk, accessibility_faults

THEIRS = "HD-2026-118"


def for_everybody(page: Page) -> None:
    """Nothing against WCAG, nothing to scroll sideways on a telephone."""
    page.set_viewport_size({"width": 360, "height": 740})
    assert 360 == page.evaluate("document.documentElement.scrollWidth")
    assert [] == accessibility_faults(page)


def test_a_ticket_goes_to_a_partner_and_is_answered(app: App, desk: Desk, street):
    with app.sessions.begin() as db:
        person = db.query(Staff).filter_by(name="李四").one()
        work.claim(db, person, street.ticket, person.created_at)
    desk.log_in("李四")
    desk.speak("en")
    page = desk.open("/desk/overview")
    page.get_by_role("link", name="Partner lines").click()
    page.get_by_role("link", name="Add a partner").click()
    fields = {
        "name_zh": "民生热线",
        "name_en": "Livelihood line",
        "number": "81890",
        "hours": "8-20",
        "purpose": "修理",
    }
    for name, text in fields.items():
        page.locator(f"#{name}").fill(text)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Livelihood line").click()
    for_everybody(page)

    page = desk.open(f"/desk/tickets/{street.ticket}")
    page.get_by_text("Pass to a partner", exact=True).click()
    for_everybody(page)
    page.get_by_role("radio", name="Livelihood line").check()
    page.locator("#pass_note").fill("水管爆了")
    page.get_by_role("button", name="Passed to them").click()
    panel = page.get_by_role("region", name="With Livelihood line")
    panel.get_by_role("textbox", name="Their reference").fill(THEIRS)
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_text(THEIRS)).to_be_visible()
    for_everybody(page)

    desk.open("/desk/search")
    page.locator("main input[name=text]").fill(THEIRS)
    page.keyboard.press("Enter")
    page.locator(f"main a[href='/desk/tickets/{street.ticket}']").first.click()
    panel.get_by_label("What came of it").fill("师傅修好了")
    panel.get_by_role("button", name="They settled it: resolve").click()
    expect(page.get_by_text("Livelihood line has answered")).to_be_visible()
    expect(panel).to_have_count(0)
