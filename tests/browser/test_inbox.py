"""The inbox in a real browser: by the keyboard alone, told of what is new, once for all tabs."""

import pytest
from playwright.sync_api import Page, Route, expect

from ivr.app import App
from tests.browser.conftest import Desk, accessibility_faults, waiting_ticket

AT_ONCE_MS = 5_000  # a page in view asks every 2 s


def test_the_keyboard_alone_is_enough(app: App, desk: Desk, street):
    """j and k move, c claims, u leads back, space plays what is mine, / searches, and typing steals no key."""
    with app.sessions.begin() as db:
        first = waiting_ticket(app, db, need="transport").id  # promised sooner
    page = desk.log_in("张三")
    page.keyboard.press("j")
    expect(page.locator(f"#ticket-{first}")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(f"#ticket-{street.ticket}")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("c")
    page.wait_for_url(f"**/desk/tickets/{first}")
    desk.open("/desk/")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    expect(page.locator("[data-play][aria-pressed=true]")).to_have_count(1)
    page.keyboard.press("Space")
    expect(page.locator("[data-play][aria-pressed=true]")).to_have_count(0)

    page.keyboard.press("/")
    page.keyboard.type("jkcu?")
    assert "jkcu?" == page.locator("#search").input_value()
    page.locator("#search").fill("0001")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/search")
    expect(page.locator(".ticket").first).to_be_visible()
    page.locator(".ticket-link").first.focus()
    page.keyboard.press("u")
    page.wait_for_url("**/desk/")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_supervisor_works_in_a_table(app: App, desk: Desk, street, language: str):
    """Chosen once: sorted by a heading, renewed by itself, worked by the same keys; a card a ticket on a telephone."""
    page = desk.log_in("李四")
    desk.speak(language)
    page.locator(".inbox-filters summary").click()
    page.locator("input[name=as][value=table]").check()
    page.locator(".inbox-filters button.btn-main").click()
    expect(page.locator("table.dense tbody tr")).to_have_count(2)
    assert [] == accessibility_faults(page)

    page.locator("#by-opened").click()
    page.wait_for_url("**order=opened**")
    page.locator("#by-opened").focus()
    with app.sessions.begin() as db:
        fresh = waiting_ticket(app, db, need="transport").id
    expect(page.locator("table.dense tbody tr").first).to_have_attribute("data-ticket", str(fresh))
    expect(page.locator("#by-opened")).to_be_focused()
    page.set_viewport_size({"width": 360, "height": 740})
    assert 360 == page.evaluate("document.documentElement.scrollWidth")
    assert [] == accessibility_faults(page)
    widths = [box["width"] for row in page.locator("table.dense tbody tr").all() if (box := row.bounding_box())]
    assert max(widths) <= 360
    page.set_viewport_size({"width": 1280, "height": 860})

    page.keyboard.press("j")
    expect(page.locator(f"#ticket-{fresh}")).to_be_focused()
    page.keyboard.press("c")
    page.wait_for_url(f"**/desk/tickets/{fresh}")


def test_a_busy_server_is_asked_again_when_it_says(desk: Desk):
    """Every two seconds; but not when it asks for ten."""
    page = desk.log_in("张三")
    asked: list[str] = []

    def put_off(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=304, headers={"Retry-After": "10"})

    page.route("**/desk/inbox**", put_off)
    page.wait_for_timeout(AT_ONCE_MS)
    assert 1 == len(asked)


def test_the_keys_are_shown_and_can_be_turned_off(desk: Desk):
    page = desk.log_in("张三")
    page.keyboard.press("?")
    dialog = page.locator("[data-keys]")
    expect(dialog).to_be_visible()
    page.locator("[data-keys-on]").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("j")
    assert not page.evaluate("document.activeElement.id").startswith("ticket-")


def test_the_help_lists_the_keys_of_its_page_and_each_does_what_it_says(desk: Desk, street):
    """On a ticket: claim, search from anywhere, and the message's own keys; no rows, no keys for rows."""
    page = desk.log_in("张三")
    assert ["j", "k", "Enter", "Space", "c", "/", "u", "?", "Esc"] == keys_told(page)

    desk.open(f"/desk/tickets/{street.ticket}")
    assert ["Space", "←", "<", ">", "c", "n", "d", "/", "u", "?", "Esc"] == keys_told(page)
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.locator("audio")).to_be_visible()
    page.keyboard.press("?")
    page.keyboard.press(">")
    page.keyboard.press("Escape")
    assert "1" == page.locator("[data-speed]").input_value()
    page.locator("body").click(position={"x": 2, "y": 300})
    page.keyboard.press(">")
    assert "1.25" == page.locator("[data-speed]").input_value()
    page.keyboard.press("/")
    page.wait_for_url("**/desk/search#search")
    expect(page.locator("#search")).to_be_focused()


def test_keys_that_are_turned_off_are_off_for_the_message_too(desk: Desk, street):
    page = desk.log_in("李四")
    page.keyboard.press("?")
    page.locator("[data-keys-on]").uncheck()
    desk.open(f"/desk/tickets/{street.ticket}")
    page.locator("#claim").click()
    expect(page.locator("audio")).to_be_visible()
    page.keyboard.press(">")
    assert "1" == page.locator("[data-speed]").input_value()


def keys_told(page: Page) -> list[str]:
    """What ? lists."""
    page.keyboard.press("?")
    told = page.locator("[data-keys] dt").all_inner_texts()
    page.keyboard.press("Escape")
    return told


def test_a_new_ticket_is_told_once_for_all_tabs_and_only_when_asked(app: App, desk: Desk):
    """Without a name or a number; not for what was there when the page was opened."""
    page = desk.log_in("张三")
    other = page.context.new_page()
    count = "window.rung = 0; const start = OscillatorNode.prototype.start;"
    count += "OscillatorNode.prototype.start = function (...at) { window.rung += 1; return start.apply(this, at); };"
    for tab in (page, other):
        tab.goto(f"{desk.address}/desk/")
        tab.evaluate(f"() => {{ {count} }}")
    with app.sessions.begin() as db:
        waiting_ticket(app, db)
    expect(page.locator(".ticket")).to_have_count(2, timeout=AT_ONCE_MS)
    assert 0 == page.evaluate("window.rung"), "nobody asked for it"

    page.context.grant_permissions(["notifications"])
    page.locator("[data-alerts]").click()
    expect(page.locator("[data-alerts]")).to_have_attribute("aria-pressed", "true")
    assert 2 == page.evaluate("window.rung"), "this is how it sounds"
    expect(page.locator("[data-alerts-blocked]")).to_be_empty()
    other.goto(f"{desk.address}/desk/")
    other.evaluate(f"() => {{ {count} }}")
    page.evaluate("window.rung = 0")
    with app.sessions.begin() as db:
        waiting_ticket(app, db, need="food")
    for tab in (page, other):
        tab.bring_to_front()
        expect(tab.locator(".ticket")).to_have_count(3, timeout=25_000)
    assert 2 == page.evaluate("window.rung") + other.evaluate("window.rung"), "two notes, in one of the tabs"


@pytest.mark.parametrize(("language", "ring"), [("en", "New tickets ring: "), ("zh", "新单子来了响铃：")])
def test_the_key_says_whether_it_rings_and_the_page_what_the_browser_blocks(desk: Desk, language: str, ring: str):
    """In words, also after the page is opened again; nothing is said of notices to whoever wants none."""
    page = desk.log_in("张三")
    desk.speak(language)
    page.add_init_script("Object.defineProperty(Notification, 'permission', { get: () => 'denied' })")
    desk.open("/desk/")
    off, on = {"en": ("off", "on"), "zh": ("关", "开")}[language]
    button, line = page.locator("[data-alerts]"), page.locator("[data-alerts-blocked]")
    expect(button).to_have_text(ring + off)
    expect(line).to_be_empty()

    button.click()
    expect(button).to_have_text(ring + on)
    expect(line).to_have_text(line.get_attribute("data-alerts-blocked"))
    page.set_viewport_size({"width": 360, "height": 740})
    assert 360 == page.evaluate("document.documentElement.scrollWidth")
    assert [] == accessibility_faults(page)
    desk.open("/desk/")
    expect(button).to_have_text(ring + on)
    expect(line).not_to_be_empty()

    button.click()
    expect(button).to_have_text(ring + off)
    expect(line).to_be_empty()
