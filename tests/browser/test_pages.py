"""Every page of the desk: nothing against WCAG 2.2 AA, nothing to scroll sideways, in both languages."""

import pytest
from playwright.sync_api import expect

from ivr.app import App
from tests.browser.conftest import HERE, Desk, accessibility_faults
from tests.builders import new_call, new_recording, new_ticket, new_turn

PAGES = {
    "login": "/desk/login",
    "inbox": "/desk/",
    "hung up": "/desk/?view=hung_up",
    "search": "/desk/search",
    "ticket": "/desk/tickets/{ticket}",
    "card": "/desk/tickets/{ticket}/card",
    "typed": "/desk/tickets/new",
    "calls": "/desk/calls?outcome=message",
    "figures": "/desk/figures",
    "figures for the wall": "/desk/figures/wall",
    "what figures mean": "/desk/figures/meaning",
    "tickets of a figure": "/desk/figures/tickets?figure=waiting",
    "report": "/desk/report",
    "download": "/desk/download/calls",
    "aliases": "/desk/aliases",
    "notices": "/desk/notices",
    "channel": "/desk/notices/channels/new?kind=email",
    "rule": "/desk/notices/rules/new",
    "audit": "/desk/audit",
    "overview": "/desk/overview",
    "people": "/desk/people",
    "somebody new": "/desk/people/new",
    "hours": "/desk/hours",
    "directory": "/desk/directory",
    "community": "/desk/directory/place",
    "list": "/desk/directory/list",
    "prompts": "/desk/prompts",
    "prompt": "/desk/prompts/sentence?sentence=zh/greet",
    "recording": "/desk/prompts/recording?language=zh&part=您有什么需要，直接说就行&sentence=zh/need.ask",
    "parts": "/desk/prompts/parts?language=zh",
    "dialects": "/desk/prompts/dialects",
    "bulletins": "/desk/bulletins",
    "needs": "/desk/needs",
    "need": "/desk/needs/one?key=medicine",
    "emergency": "/desk/needs/emergency?kind=medical",
    "partners": "/desk/partners",
    "partner": "/desk/partners/one",
    "changes": "/desk/changes",
    "surge": "/desk/surge",
    "nuisance list": "/desk/nuisance",
    "lessons": "/desk/needs/lessons",
    "everything about a number": "/desk/number",
    "on the line": "/desk/line",
    "roster": "/desk/roster",
    "help": "/desk/help",
    "account": "/desk/account",
    "link": "/desk/new-password",
    "paper": "/desk/paper",
    "paper of calls": "/desk/paper/calls",
    "paper of days that make no sense": "/desk/paper/calls?from=2026-03-02&to=2026-03-01",
    "paper of slips": "/desk/paper/slips",
    "paper of one slip": "/desk/paper/slips/{ticket}",
    "paper for the wall": "/desk/paper/directory",
    "error": "/desk/nowhere",
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_for_everybody(desk: Desk, street, name: str, language: str):
    """Axe finds nothing, and a telephone 360 pixels wide shows the whole width of it."""
    if name != "login":
        desk.log_in("李四")
    page = desk.open(PAGES[name].format(ticket=street.ticket))
    desk.speak(language)
    if name == "error":  # the switch leads to the same address
        page = desk.open(PAGES[name])
    page.evaluate("for (const fold of document.querySelectorAll('main details')) fold.open = true")
    assert [] == accessibility_faults(page)

    page.set_viewport_size({"width": 360, "height": 740})
    assert 360 == page.evaluate("document.documentElement.scrollWidth")
    assert [] == accessibility_faults(page)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_a_telephone_one_row_leads_everywhere(desk: Desk, street, language: str):
    """A supervisor's bar at 360 pixels: what is seldom used waits behind a key that Enter opens."""
    page = desk.log_in("李四")
    desk.speak(language)
    page.set_viewport_size({"width": 360, "height": 740})
    shown = page.locator(".places a:visible, .places summary:visible")
    assert 4 == shown.count()
    assert 1 == len({box["y"] for box in (each.bounding_box() for each in shown.all()) if box})

    page.locator(".more summary").focus()
    page.keyboard.press("Enter")
    assert 12 == shown.count()
    assert [] == accessibility_faults(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/line")


def test_between_telephone_and_computer_the_bar_has_room(desk: Desk, street):
    """A supervisor's, in English, which is the longest: it breaks between its places, never within one."""
    page = desk.log_in("李四")
    desk.speak("en")
    for width_px in (650, 768, 1024, 1280):
        page.set_viewport_size({"width": width_px, "height": 740})
        assert width_px == page.evaluate("document.documentElement.scrollWidth")
        boxes = [each.bounding_box() for each in page.locator(".places a:visible").all()]
        heights = {box["height"] for box in boxes if box}
        assert 1 == len(heights), width_px
        assert max(heights) < 60


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_an_old_pc_the_longest_bar_is_one_row(desk: Desk, street, language: str):
    """What is rarest waits behind "More", and opens."""
    page = desk.log_in("李四")
    desk.speak(language)
    page.set_viewport_size({"width": 1280, "height": 740})
    shown = page.locator(".top a:visible, .top summary:visible, .top button:visible")
    boxes = [each.bounding_box() for each in shown.all()]
    assert 1 == len({round(box["y"] + box["height"] / 2) for box in boxes if box})

    page.locator(".more summary").click()
    page.locator(".more-places a[href='/desk/audit']").click()
    page.wait_for_url("**/desk/audit")
    assert [] == accessibility_faults(page)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_an_old_pc_twenty_five_calls_are_on_one_screen(app: App, desk: Desk, street, language: str):
    """Each is one line, however much was said in it, unless it tells at which question somebody hung up."""
    with app.sessions.begin() as db:
        for need, community in (("other", HERE), (None, None)):
            call = new_call(db, ticket=new_ticket(db, need=need, community=community))
            new_recording(db, call)
            new_recording(db, call)
            for _ in range(12):
                new_turn(db, call)
        new_call(db, outcome="hung_up", left_at="review")
    page = desk.log_in("李四")
    desk.speak(language)
    page.set_viewport_size({"width": 1280, "height": 860})
    desk.open("/desk/calls")
    lines = page.locator(".calls tbody tr:not(:has(td > .muted))")
    expect(lines).to_have_count(3)
    for line in lines.all():
        box = line.bounding_box()
        assert box
        assert box["height"] <= 26


def test_the_whole_desk_asks_nobody_else(desk: Desk, street):
    """Not one request leaves for another host."""
    hosts = set()
    desk.page.on("request", lambda request: hosts.add("/".join(request.url.split("/")[:3])))
    desk.log_in("李四")
    for path in PAGES.values():
        desk.open(path.format(ticket=street.ticket))

    assert {desk.address} == hosts


def test_everything_is_reached_by_the_keyboard(desk: Desk, street):
    """From the login to the claimed ticket without a mouse."""
    page = desk.open("/desk/login")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type("张三")
    page.keyboard.press("Tab")
    page.keyboard.type("ginkgo-lane-at-dawn")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == f"claim-{street.ticket}":
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/tickets/{street.ticket}")
