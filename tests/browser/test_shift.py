"""A volunteer's shift in a real browser: a ticket comes in, is claimed, heard and settled."""

from playwright.sync_api import expect

from ivr.app import App
from ivr.desk.shell.guard import now
from ivr.store.models import CommunityRow, LoginSession, Staff, Ticket
from ivr.store.tickets import work
from tests.browser.conftest import Desk, waiting_ticket

AT_ONCE_MS = 3_000  # a page in view asks every 2 s


def test_from_the_new_ticket_to_its_end(app: App, desk: Desk):
    """It appears by itself; claim, listen, go back, correct, note, resolve."""
    page = desk.log_in("张三")
    desk.speak("zh")
    new = page.locator("[data-section=next]")
    expect(new.locator(".ticket")).to_have_count(1)
    expect(page).to_have_title("(1) 待办 · 热线工作台")

    with app.sessions.begin() as db:
        ticket = waiting_ticket(app, db, need="transport")
    expect(new.locator(".ticket")).to_have_count(2, timeout=AT_ONCE_MS)
    expect(page.locator("[data-announce]")).to_have_text("有新的单子。")
    expect(page).to_have_title("(2) 待办 · 热线工作台")

    page.locator(f"#claim-{ticket.id}").click()
    expect(page.get_by_role("link", name="138 0000 0001")).to_have_attribute("href", "tel:+8613800000001")

    audio = page.locator("audio")
    audio.evaluate("audio => audio.play()")
    audio.evaluate("audio => new Promise((heard) => audio.addEventListener('timeupdate', heard, { once: true }))")
    assert 12 == round(audio.evaluate("audio => audio.duration"))
    audio.evaluate("audio => { audio.currentTime = 9 }")
    page.get_by_role("button", name="退 5 秒").click()
    assert 4 <= audio.evaluate("audio => audio.currentTime") < 6
    page.get_by_label("语速").select_option("0.75")
    assert audio.evaluate("audio => audio.playbackRate") == 0.75

    page.get_by_role("button", name="高塘社区 小港街道").click()
    expect(page.get_by_role("status").filter(has_text="已改正")).to_be_visible()
    page.get_by_label("备注，或者是怎么办好的").fill("六点以后再打")
    page.get_by_role("button", name="保存备注").click()
    page.get_by_label("备注，或者是怎么办好的").fill("车已经送到医院")
    page.get_by_role("button", name="办好了，结单").click()
    history = page.locator("[aria-labelledby=history]")
    for told in ("已接单", "社区：银杏社区 → 高塘社区", "六点以后再打", "车已经送到医院"):
        expect(history).to_contain_text(told)
    with app.sessions.read() as db:
        assert "resolved" == db.get_one(Ticket, ticket.id).status


def test_a_community_is_found_by_typing_a_part_of_its_name(app: App, desk: Desk, street):
    page = desk.log_in("李四")
    desk.open(f"/desk/tickets/{street.ticket}")
    page.locator(".correct > summary").click()
    page.locator("#community").press_sequentially("小港")
    page.locator("#communities option[value='高塘社区 · 小港街道']").wait_for(state="attached")
    page.locator("#community").fill("高塘社区 · 小港街道")
    page.locator("#community").press("Enter")

    expect(page.locator(".where").first).to_contain_text("高塘社区")


def test_an_open_ticket_says_that_something_was_added(app: App, desk: Desk, street):
    """Without touching what is being typed."""
    page = desk.log_in("李四")
    desk.open(f"/desk/tickets/{street.ticket}")
    page.locator("#note").fill("half a sentence")
    with app.sessions.begin() as db:
        work.note(db, db.query(Staff).filter_by(name="李四").one(), street.ticket, "elsewhere", now())

    expect(page.locator("[data-news]")).to_be_visible(timeout=AT_ONCE_MS)
    assert "half a sentence" == page.locator("#note").input_value()


def test_a_page_whose_login_has_ended_says_so(app: App, desk: Desk):
    page = desk.log_in("张三")
    with app.sessions.begin() as db:
        db.query(LoginSession).delete()

    expect(page.locator("[data-trouble=logged-out]")).to_be_visible(timeout=AT_ONCE_MS)


def test_the_claim_key_keeps_the_focus_when_the_page_renews_itself(app: App, desk: Desk, street):
    page = desk.log_in("张三")
    page.locator(f"#claim-{street.ticket}").focus()
    with app.sessions.begin() as db:
        waiting_ticket(app, db)
    expect(page.locator("[data-section=next] .ticket")).to_have_count(2, timeout=AT_ONCE_MS)

    expect(page.locator(f"#claim-{street.ticket}")).to_be_focused()


def test_what_a_caller_said_never_runs(app: App, desk: Desk, street):
    """A58: A script in a caller's words is read, not executed, also where the page renews itself."""
    with app.sessions.begin() as db:
        db.get_one(CommunityRow, "330206001001").name = "<img src=x onerror=document.title='owned'>"
    page = desk.log_in("李四")
    with app.sessions.begin() as db:
        waiting_ticket(app, db)
    expect(page.locator("[data-section=next] .ticket")).to_have_count(2, timeout=AT_ONCE_MS)
    desk.open(f"/desk/tickets/{street.ticket}")

    assert "owned" not in page.title()
    assert 0 == page.locator("main img").count()
