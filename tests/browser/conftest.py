"""A real browser at a real server. Without a Chromium these tests skip; in CI they fail."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page, expect

from ivr.app import App
from ivr.phone.sound import tone
from tests.builders import (
    PASSWORD,
    new_call,
    new_channel,
    new_community,
    new_notice,
    new_proposal,
    new_recording,
    new_rule,
    new_staff,
    new_ticket,
    new_turn,
)
from tests.live import ARGUMENTS, CHROMIUM, serving

expect.set_options(timeout=20_000)  # a busy machine is no fault of the page's
HERE, THERE = "330206001001", "330206002001"


@pytest.fixture(scope="session", autouse=True)
def chromium() -> str:
    """Where the browser is."""
    if CHROMIUM:
        return CHROMIUM
    if os.environ.get("CI"):
        pytest.fail("no Chromium here: apt-get install chromium")
    pytest.skip("no Chromium here; install it to run the browser's tests: apt-get install chromium")


@pytest.fixture(scope="session")
def browser_type_launch_args(chromium: str) -> dict[str, object]:
    return {"executable_path": chromium, "args": ARGUMENTS}


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, database_folder: Path) -> str:
    """One engine is enough here: the pages ask the same of both, and tests/desk asks it of both."""
    path = database_folder / "hotline.db"
    shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
    return f"sqlite+pysqlite:///{path}"


@pytest.fixture
def live_server(app: App) -> Iterator[str]:
    """The application on a port of its own; the answer is its address."""
    with serving(app) as address:
        yield address


@pytest.fixture
def street(app: App) -> SimpleNamespace:
    """What is there when the shift begins: two people, a ticket with its message, one that others have."""
    with app.sessions.begin() as db:
        new_community(db, HERE)
        new_community(db, THERE, "高塘社区", "小港街道")
        new_staff(db, "张三")
        supervisor = new_staff(db, "李四", "supervisor")
        ticket = waiting_ticket(app, db)
        new_proposal(db, ticket.calls[0].turns[-1], heard="迎新", community=THERE)
        new_ticket(db, need="food", community=None, caller=None, urgent=True, claimed_by=supervisor)
        group, mail = new_channel(db), new_channel(db, "街道邮箱", "email", tried_at=ticket.opened_at, answer="250")
        new_rule(db, group, urgent_only=True, second_id=mail.id, second_after_min=10)
        new_notice(db, ticket, mail, state="sent")
        new_notice(db, ticket, group, state="failed", trouble="rejected")
    return SimpleNamespace(ticket=ticket.id)


def waiting_ticket(app: App, db, need: str = "medicine"):
    """Somebody has just left a message, and was not quite understood."""
    ticket = new_ticket(db, need=need)
    call = new_call(db, ticket=ticket)
    new_turn(db, call, asked=None, heard={"kind": "arrived"}, understood={})
    new_turn(db, call)
    candidates = [
        {"code": HERE, "name": "银杏社区", "street": "新碶街道", "score": 90, "why": "迎→银 in/ing"},
        {"code": THERE, "name": "高塘社区", "street": "小港街道", "score": 71, "why": ""},
    ]
    match = {"decision": "confirm", "reason": "", "candidates": candidates}
    new_turn(db, call, asked="community", heard={"kind": "speech", "text": "迎新社区"}, understood={"match": match})
    app.audio.put(new_recording(db, call).path, tone(seconds=12))
    return ticket


class Desk:
    """The desk in the browser, as somebody uses it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.errors: list[str] = []
        page.on("console", lambda message: message.type == "error" and self.errors.append(message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.address}{path}")
        return self.page

    def log_in(self, name: str, password: str = PASSWORD) -> Page:
        self.open("/desk/login")
        return self.fill_in(name, password)

    def fill_in(self, name: str, password: str = PASSWORD) -> Page:
        """The login that is open."""
        self.page.locator("#name").fill(name)
        self.page.locator("#password").fill(password)
        self.page.locator("#password").press("Enter")
        self.page.wait_for_url(lambda url: "login" not in url)
        return self.page

    def speak(self, language: str) -> None:
        """Choose the language of the pages by the switch that every page has."""
        tag = {"zh": "zh-CN"}.get(language, language)
        if self.page.locator("html").get_attribute("lang") != tag:
            self.page.locator(f"button[name=language][value={language}]").click()
            expect(self.page.locator("html")).to_have_attribute("lang", tag)


def wait_until(page: Page, expression: str, patience_s: float = 15) -> None:
    """Ask the page until *expression* holds.

    ``Page.wait_for_function`` asks by ``eval`` inside the page from its second time on, which our policy refuses.
    """
    until = monotonic() + patience_s
    while not page.evaluate(expression):
        assert monotonic() < until, expression
        page.wait_for_timeout(50)


@pytest.fixture
def desk(page: Page, live_server: str, street: SimpleNamespace) -> Iterator[Desk]:
    """Nobody is logged in. In the end, no script has failed and the browser has refused nothing."""
    desk = Desk(page, live_server)
    yield desk
    assert [] == [error for error in desk.errors if "status of 4" not in error]


def accessibility_faults(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA, one line a fault.

    A form that was just sent can replace the page while axe looks at it: then the page that came is looked at.
    """
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    options = {"runOnly": {"type": "tag", "values": tags}}
    replaced: list[str] = []
    page.on("framenavigated", lambda frame: replaced.append(frame.url))
    try:
        found = Axe().run(page, options=options)
    except Error:
        if not replaced:
            raise
        page.wait_for_load_state()
        found = Axe().run(page, options=options)
    return [
        f"{fault['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for fault in found.response["violations"]
        for node in fault["nodes"]
    ]
