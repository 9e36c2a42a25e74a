"""A small town on an ordinary day, and the people at its desk: what the stories of a shift are told with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from gettext import translation
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect
from sqlalchemy.orm import Session

import ivr.desk
from ivr.app import App
from ivr.desk.shell.guard import now
from ivr.phone.handset import Handset
from ivr.phone.line import Line
from ivr.phone.sound import tone
from ivr.store.models import Channel, HistoryLine, Notice, Ticket
from tests.browser.conftest import Desk, accessibility_faults
from tests.builders import HOTLINE, new_call, new_recording, new_rule, new_ticket, new_turn
from tests.conftest import ACCOUNT_SID, AUTH_TOKEN
from tests.in_process import into
from tests.notify.standins import Service, service

CUCKOO, SPRING, GINKGO, PEONY = "330206002002", "330206002003", "330206002004", "330206002008"  # of the sample
VOLUNTEER, COLLEAGUE, OFFICER, SUPERVISOR = "张三", "赵敏", "王芳", "李四"
DESKTOP, PHONE = {"width": 1280, "height": 860}, {"width": 360, "height": 740}
AT_ONCE_MS = 6_000  # a page in view asks every 2 s, and the machine may be busy


def caller(n: int) -> str:
    """The number of the caller whose tickets we call the n-th; no real one."""
    return f"+861380000{n:04d}"


def rang(app: App, db: Session, n: int, minutes: int, need: str | None, place: str | None, said: str = "", **ticket):
    """So many *minutes* ago the n-th caller rang; who *said* something left it as a message, too."""
    at, number = now() - timedelta(minutes=minutes), caller(n)
    found = new_ticket(db, need=need, community=place, caller=number, opened_at=at, **ticket)
    call = new_call(db, ticket=found, caller=number, started_at=at, outcome="message" if said else "hung_up")
    new_turn(db, call, asked=None, heard={"kind": "arrived"}, understood={})
    if said:
        new_turn(db, call, heard={"kind": "speech", "text": said}, understood={"need": need})
        app.audio.put(new_recording(db, call, seconds=8).path, tone(seconds=8))
    return found


def ring(app: App, number: str) -> Handset:
    """A telephone with which somebody rings the hotline in earnest."""
    line = Line("http://localhost", ACCOUNT_SID, AUTH_TOKEN, into(app.test_client()), number=HOTLINE)
    return Handset(line, caller=number)


@contextmanager
def robot(app: App, kind: str, **rule: object) -> Iterator[Service]:
    """A group's robot on this machine, which is told of whatever fits the *rule*."""
    with service(kind) as stand_in:
        with app.sessions.begin() as db:
            sealed = app.seal.close(stand_in.values)
            channel = Channel(name="值班群", kind=kind, language="zh", made_at=now(), sealed=sealed)
            db.add(channel)
            db.flush()
            new_rule(db, channel, **rule)
        yield stand_in


def unsent(app: App) -> list[int]:
    with app.sessions.read() as db:
        return [each.id for each in db.query(Notice).filter_by(state="waiting").order_by(Notice.id)]


def became_of(db: Session, ticket_id: int) -> tuple[str, str, str]:
    """How a ticket ended: its status, what staff did with it in their order, and what was done in the end."""
    ticket = db.get_one(Ticket, ticket_id)
    by_staff = [line for line in ticket.history if line.staff_id is not None and line.kind != "listened"]
    ends = [line.detail.get("done", "") for line in ticket.history if line.kind == "resolved"]
    return ticket.status, " ".join(map(_deed, by_staff)), ends[-1] if ends else ""


def _deed(line: HistoryLine) -> str:
    return line.detail["outcome"] if line.kind == "attempt" else line.kind


@cache
def reader_of(language: str) -> Callable[[str], str]:
    """Our English words as the pages say them in this language."""
    folder = Path(ivr.desk.__file__).parent / "translations"
    return translation("messages", folder, [language], fallback=language == "en").gettext


class Person(Desk):
    """Somebody at a desk of their own, who reads one language and knows the keys by what is written on them."""

    def __init__(self, page: Page, address: str, name: str, language: str) -> None:
        super().__init__(page, address)
        self.name, self.language = name, language
        page.set_viewport_size(DESKTOP)

    def says(self, words: str) -> str:
        """Our English words as the pages say them to this person; the words of other people as they are."""
        said = reader_of(self.language)(words)
        assert said != words or self.language == "en" or not words.isascii(), f"no page says: {words}"
        return said

    def arrives(self) -> None:
        self.log_in(self.name)
        self.speak(self.language)

    def leaves(self) -> None:
        self.presses("Log out")
        self.page.wait_for_url("**/desk/login")

    def presses(self, key: str, within: Locator | None = None) -> None:
        (within or self.page).get_by_role("button", name=self.says(key), exact=True).click()

    def follows(self, link: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=self.says(link), exact=True).click()

    def unfolds(self, summary: str) -> None:
        self.page.locator("summary").get_by_text(self.says(summary), exact=True).click()

    def writes(self, label: str, words: str) -> None:
        self.page.get_by_label(self.says(label), exact=True).fill(words)

    def reads(self, words: str) -> None:
        """What stands on the page, in the reader's language; names and words of people as they are."""
        expect(self.page.locator("main")).to_contain_text(self.says(words), timeout=AT_ONCE_MS)

    def looks_at(self, view: str) -> None:
        """One of the inbox's tabs."""
        if urlsplit(self.page.url).path != "/desk/":
            self.open("/desk/")
        self.page.locator(f"#view-{view}").click()
        expect(self.page.locator(f"#view-{view}[aria-current=page]")).to_be_visible()

    def sees(self, *tickets: int) -> None:
        """Exactly these rows, in this order."""
        rows = "rows => rows.map(row => Number(row.dataset.ticket))"
        expect(self.page.locator("[data-rows] > .ticket")).to_have_count(len(tickets), timeout=AT_ONCE_MS)
        assert list(tickets) == self.page.eval_on_selector_all("[data-rows] > .ticket", rows)

    def row(self, ticket: int) -> Locator:
        return self.page.locator(f".ticket[data-ticket='{ticket}']")

    def claims(self, ticket: int) -> None:
        """In the list in front of them."""
        self.page.locator(f"#claim-{ticket}").click()
        self.page.wait_for_url(f"**/desk/tickets/{ticket}")

    def opens(self, ticket: int) -> None:
        self.page.locator(f"#ticket-{ticket}").click()
        self.page.wait_for_url(f"**/desk/tickets/{ticket}")

    def tried(self, outcome: str, words: str = "") -> None:
        if words:
            self.writes("Note, or what was done", words)
        if outcome not in ("no_answer", "reached"):
            self.unfolds("Other ways it went")
        self.page.locator(f"button[name=outcome][value={outcome}]").click()
        self.reads("Call attempt logged.")

    def resolves(self, done: str) -> None:
        self.writes("Note, or what was done", done)
        self.presses("Resolve: helped")
        self.reads("Resolved. Thank you.")

    def needs_no_better_eyes(self) -> None:
        """Whatever is open on the page: axe finds nothing, and nothing scrolls sideways, here and on a telephone."""
        assert [] == accessibility_faults(self.page), self.page.url
        before = self.page.viewport_size
        self.page.set_viewport_size(PHONE)
        assert 360 == self.page.evaluate("document.documentElement.scrollWidth"), self.page.url
        self.page.set_viewport_size(before)

    def had_no_trouble(self) -> None:
        """No script has failed; a page that said 4xx was meant to."""
        assert [] == [error for error in self.errors if "status of 4" not in error]
