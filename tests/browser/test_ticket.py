"""One ticket in a real browser: listening by keys, words that are never lost, several tickets at once."""

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from ivr.app import App
from ivr.store.models import LoginSession, Staff
from ivr.store.tickets import drafts, work
from tests.browser.conftest import Desk, accessibility_faults, wait_until, waiting_ticket
from tests.builders import PASSWORD

SAVED = "**/drafts"
HISTORY = "[aria-labelledby=history] .history"


def draft(app: App, ticket_id: int, name: str = "李四") -> dict[str, str]:
    with app.sessions.read() as db:
        return drafts.of(db, db.query(Staff).filter_by(name=name).one(), ticket_id)


def mine(app: App, ticket_id: int, name: str) -> None:
    with app.sessions.begin() as db:
        person = db.query(Staff).filter_by(name=name).one()
        work.claim(db, person, ticket_id, person.created_at)


def press(page: Page, key: str) -> None:
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(key)


# --- listening


def test_the_message_is_heard_by_keys(desk: Desk, street):
    """Space, back, slower and faster; not while somebody types."""
    desk.log_in("李四")
    page = desk.open(f"/desk/tickets/{street.ticket}")
    audio = page.locator("audio")
    press(page, " ")
    expect(audio).to_have_js_property("paused", False)
    audio.evaluate("audio => { audio.currentTime = 9 }")
    press(page, "ArrowLeft")
    assert 4 <= audio.evaluate("audio => audio.currentTime") < 7
    press(page, " ")
    expect(audio).to_have_js_property("paused", True)
    for key, rate in ((">", 1.25), (">", 1.5), (">", 1.5), ("<", 1.25), ("<", 1), ("<", 0.75), ("<", 0.75)):
        press(page, key)
        assert rate == audio.evaluate("audio => audio.playbackRate")

    page.locator("#note").press_sequentially("a > b <")
    assert ("a > b <", 0.75) == (
        page.locator("#note").input_value(), audio.evaluate("audio => audio.playbackRate")
    )  # fmt: skip


def test_two_presses_at_once_play_and_pause(desk: Desk, street):
    """The second interrupts what the first has begun; the fixture sees that no script complains of it."""
    desk.log_in("李四")
    page = desk.open(f"/desk/tickets/{street.ticket}")
    page.evaluate(
        "for (let n = 0; n < 10; n++)"
        "  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: ' ', bubbles: true, cancelable: true }));"
    )

    expect(page.locator("audio")).to_have_js_property("paused", True)


def test_the_place_and_the_speed_are_remembered(desk: Desk, street):
    """For the next look at the same message; only numbers are kept."""
    desk.log_in("李四")
    page = desk.open(f"/desk/tickets/{street.ticket}")
    page.locator("[data-speed]").select_option("1.25")
    audio = page.locator("audio")
    audio.evaluate("audio => audio.play()")
    audio.evaluate("audio => { audio.currentTime = 7 }")
    wait_until(page, "localStorage.getItem('places')?.includes(',7')")
    page.reload()
    audio.evaluate("audio => audio.play()")
    wait_until(page, "document.querySelector('audio').currentTime >= 7")

    assert 1.25 == audio.evaluate("audio => audio.playbackRate")
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert set(kept) <= set('{}[]",:\\0123456789.placespedtold')


def test_a_browser_without_storage_plays_all_the_same(desk: Desk, street):
    desk.page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        "  Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    desk.log_in("李四")
    page = desk.open(f"/desk/tickets/{street.ticket}")
    press(page, " ")

    expect(page.locator("audio")).to_have_js_property("paused", False)


# --- words are never lost


def test_what_is_typed_is_there_after_a_reload_and_on_another_computer(
    app: App, desk: Desk, street, new_context, live_server: str
):
    desk.log_in("李四")
    page = desk.open(f"/desk/tickets/{street.ticket}")
    with page.expect_response(SAVED):
        page.locator("#note").fill("rings at six")
    page.reload()
    assert "rings at six" == page.locator("#note").input_value()

    elsewhere = Desk(new_context().new_page(), live_server)
    elsewhere.log_in("李四")
    assert "rings at six" == elsewhere.open(f"/desk/tickets/{street.ticket}").locator("#note").input_value()
    page.locator("#note").press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(HISTORY)).to_contain_text("rings at six")
    assert ("", {}) == (page.locator("#note").input_value(), draft(app, street.ticket))


def test_leaving_the_page_keeps_the_last_word(app: App, desk: Desk, street):
    """Typed and gone, within the pause."""
    desk.log_in("李四")
    page = desk.open(f"/desk/tickets/{street.ticket}")
    page.locator("#note").fill("soup brought")
    page.goto(f"{desk.address}/desk/")
    page.goto(f"{desk.address}/desk/tickets/{street.ticket}")

    assert "soup brought" == page.locator("#note").input_value()


def test_words_survive_a_login_that_ended(app: App, desk: Desk, street):
    """The note is sent, the login has ended, one logs in again: the words are in the field, and go through."""
    desk.log_in("李四")
    page = desk.open(f"/desk/tickets/{street.ticket}")
    with app.sessions.begin() as db:
        db.query(LoginSession).delete()
    page.locator("#note").fill("rings at six")
    with page.expect_response("**/note") as answer:
        page.locator("[data-save]").click()
    assert 401 == answer.value.status
    desk.log_in("李四")
    page = desk.open(f"/desk/tickets/{street.ticket}")
    assert "rings at six" == page.locator("#note").input_value()
    page.locator("[data-save]").click()

    expect(page.locator(HISTORY)).to_contain_text("rings at six")
    assert "" == page.locator("#note").input_value()
    page.reload()
    assert "" == page.locator("#note").input_value()


def test_words_survive_a_network_that_is_gone(app: App, desk: Desk, street):
    """Kept in the tab until the server can take them."""
    desk.log_in("李四")
    page = desk.open(f"/desk/tickets/{street.ticket}")
    page.route(SAVED, lambda route: route.abort())
    with page.expect_request(SAVED):
        page.locator("#note").fill("rings at six")
    page.reload()
    assert "rings at six" == page.locator("#note").input_value()

    page.unroute(SAVED)
    page.reload()
    assert "rings at six" == page.locator("#note").input_value()
    wait_until(page, "!Object.keys(sessionStorage).some((key) => key.startsWith('draft:'))")
    assert {"note": "rings at six"} == draft(app, street.ticket)
    desk.errors.clear()  # the browser tells of the request that we let fail


def test_another_person_in_the_same_tab_sees_nothing_of_it(app: App, desk: Desk, street):
    """Not even what only the tab had kept."""
    mine(app, street.ticket, "张三")
    page = desk.log_in("张三")
    desk.open(f"/desk/tickets/{street.ticket}")

    def fail(route: Route) -> None:
        route.fulfill(status=503)

    page.route(SAVED, fail)
    with page.expect_response(SAVED):
        page.locator("#note").fill("for my eyes")
    page.unroute(SAVED)
    page.get_by_role("button", name="退出").or_(page.get_by_role("button", name="Log out")).click()
    desk.log_in("李四")
    desk.open(f"/desk/tickets/{street.ticket}")

    assert "" == page.locator("#note").input_value()
    assert "for my eyes" not in page.content()
    desk.errors.clear()


# --- several at once


def test_two_tickets_in_two_tabs(app: App, desk: Desk, street, context: BrowserContext):
    """Each keeps its own words, and each sends them to its own ticket."""
    with app.sessions.begin() as db:
        other = waiting_ticket(app, db, need="food").id
    first = desk.log_in("李四")
    desk.open(f"/desk/tickets/{street.ticket}")
    second = context.new_page()
    second.goto(f"{desk.address}/desk/tickets/{other}")
    first.locator("#note").fill("for the first")
    second.locator("#note").fill("for the second")
    for page, text in ((first, "for the first"), (second, "for the second")):
        page.locator("[data-save]").click()
        expect(page.locator(HISTORY)).to_contain_text(text)

    assert "for the second" not in first.content()


def test_the_second_of_two_editors_loses_nothing(app: App, desk: Desk, street, new_context, live_server: str):
    """Told what changed, with their words in the field; the second press counts."""
    mine(app, street.ticket, "张三")
    page = desk.log_in("张三")
    desk.speak("en")
    desk.open(f"/desk/tickets/{street.ticket}")
    other = Desk(new_context().new_page(), live_server)
    other.log_in("李四")
    there = other.open(f"/desk/tickets/{street.ticket}")
    there.locator("#note").fill("she needs insulin, too")
    there.locator("[data-save]").click()

    page.locator("#note").fill("pills brought")
    page.get_by_role("button", name="Resolve: helped").click()
    expect(page.locator(".alert-warning")).to_contain_text("she needs insulin, too")
    assert "pills brought" == page.locator("#note").input_value()
    assert [] == accessibility_faults(page)
    page.get_by_role("button", name="Resolve: helped").click()
    expect(page.locator(HISTORY)).to_contain_text("pills brought")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_ticket_in_ones_hands_is_for_everybody(app: App, desk: Desk, street, language: str):
    """Every form open: axe finds nothing, nothing scrolls sideways on a small telephone."""
    mine(app, street.ticket, "张三")
    page = desk.log_in("张三", PASSWORD)
    desk.speak(language)
    desk.open(f"/desk/tickets/{street.ticket}")
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    assert [] == accessibility_faults(page)

    page.set_viewport_size({"width": 360, "height": 740})
    assert 360 == page.evaluate("document.documentElement.scrollWidth")
    assert [] == accessibility_faults(page)


def test_two_taps_keep_a_try(app: App, desk: Desk, street):
    """O12: on a telephone in a stairwell, open and how it went."""
    mine(app, street.ticket, "张三")
    page = desk.log_in("张三")
    desk.speak("zh")
    page.set_viewport_size({"width": 360, "height": 740})
    desk.open(f"/desk/tickets/{street.ticket}")
    page.get_by_role("button", name="没人接").click()

    expect(page.get_by_text("打过 1 次没打通")).to_be_visible()


@pytest.mark.parametrize(("width_px", "height_px", "least"), [(1280, 860, 0.6), (360, 740, 0.55)])
def test_what_is_done_next_stays_in_sight(app: App, desk: Desk, street, width_px: int, height_px: int, least: float):
    """O12: wherever one has scrolled to, the box and its keys are there, and leave most of the window to read in."""
    mine(app, street.ticket, "张三")
    page = desk.log_in("张三")
    page.set_viewport_size({"width": width_px, "height": height_px})
    desk.open(f"/desk/tickets/{street.ticket}")
    for down_px in (0, 300, 10_000):
        page.evaluate(f"window.scrollTo(0, {down_px})")
        for each in (
            "#note",
            "[data-save]",
            "button[value=no_answer]",
            "button[value=reached]",
            "button[value=helped]",
        ):
            expect(page.locator(each)).to_be_in_viewport(ratio=1)
    bar = page.locator(".bar").bounding_box()
    assert bar
    assert bar["height"] < (1 - least) * height_px
    page.evaluate("window.scrollTo(0, 0)")
    expect(page.locator(".correct > summary")).to_be_attached()
    assert page.locator(".where").first.bounding_box()["y"] < height_px
    assert 0 < page.evaluate("document.documentElement.scrollHeight") < (1665, 2569)[width_px == 360] * 0.75


def test_an_unclaimed_ticket_has_its_one_key_in_sight(app: App, desk: Desk, street):
    """O12"""
    page = desk.log_in("张三")
    page.set_viewport_size({"width": 360, "height": 740})
    desk.open(f"/desk/tickets/{street.ticket}")
    expect(page.locator("#claim")).to_be_in_viewport(ratio=1)
    page.locator("#claim").click()
    expect(page.locator("[data-save]")).to_be_in_viewport(ratio=1)
