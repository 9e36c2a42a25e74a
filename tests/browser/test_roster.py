"""The roster in a real browser: gaps are seen while it is built, filled, and the week goes on the wall."""

import pytest
from playwright.sync_api import expect

from ivr.app import App
from ivr.store import hotline
from tests.browser.conftest import Desk
from tests.browser.test_paper import A4_PT, pdf

WEEK = "/desk/roster?week=2030-03-04"
GAP = ".tag-overdue"


@pytest.fixture
def hours(app: App) -> None:
    """Somebody ought to be there from eight in the morning to ten in the evening."""
    with app.sessions.begin() as db:
        hotline.settings(db).hours = {"from": "08:00", "to": "22:00"}


def test_gaps_are_seen_until_the_week_is_whole(desk: Desk, street, hours: None):
    """A rotation leaves the evenings, a shift by hand fills one; taking it away again shows the gap again."""
    page = desk.log_in("李四")
    desk.speak("zh")
    desk.open(WEEK)
    expect(page.locator(GAP)).to_have_text(7 * ["没人 08:00–22:00"])

    page.locator("summary").get_by_text("新的轮班").click()
    for field, value in (("title", "白班"), ("people", "张三"), ("opens", "08:00"), ("closes", "20:00")):
        page.locator(f"#rotation-{field}").fill(value)
    page.locator("#rotation-first").fill("2030-03-04")
    page.locator("#rotation-turn_days").fill("1")
    page.get_by_role("button", name="保存").first.click()
    expect(page.locator(GAP)).to_have_text(7 * ["没人 20:00–22:00"])

    for press, gaps in (("值班", 6), ("不值班", 7)):
        page.locator("#change-person").select_option(label="李四")
        page.locator("#change-starts").fill("2030-03-04T20:00")
        page.locator("#change-ends").fill("2030-03-04T22:00")
        page.get_by_role("button", name=press, exact=True).click()
        expect(page.locator(GAP)).to_have_count(gaps)


def test_the_week_goes_on_one_sheet(desk: Desk, street, hours: None):
    """What the wall needs: who is on when, and where nobody is; no form, no bar of the desk."""
    page = desk.log_in("李四")
    desk.speak("en")
    desk.open(WEEK)
    ((size, text),) = pdf(page)

    assert A4_PT == size
    assert 7 == text.count("nobody 08:00–22:00")
    assert "printed by 李四" in text
    for off in ("Log out", "Save", "Next week", "Telephone numbers"):
        assert off not in text
