"""The search page: any text is answered, nothing of it stands in an address."""

import re
from datetime import UTC, datetime

import pytest

from ivr.app import App
from ivr.store.inbox import search
from ivr.store.models import CallerCard, HistoryLine
from tests.asked import asked
from tests.builders import new_call, new_phone, new_recording, new_ticket
from tests.desk.conftest import Visitor
from tests.store.inbox.test_search import NONSENSE


def found(visitor: Visitor, text: str):
    answer = visitor.post("/desk/search", text=text)
    assert ("/desk/search", 302) == (answer.location, answer.status_code)
    return visitor.get("/desk/search")


def test_a_ticket_is_found_by_the_callers_last_digits(visitor: Visitor, desk):
    """Masked as everywhere; and the list is still there for who comes back from a ticket."""
    visitor.log_in("volunteer")
    page = found(visitor, "0001").text

    assert "Phone number" in page
    assert 2 == page.count("data-ticket=")
    assert "13800000001" not in page
    assert page.count("data-ticket=") == visitor.get("/desk/search").text.count("data-ticket=")


def test_a_ticket_that_is_found_twice_stands_there_once(app: App, visitor: Visitor):
    with app.sessions.begin() as db:
        ticket = new_ticket(db, caller="+8613900000101")
        ticket_number = ticket.number
    visitor.log_in("supervisor")
    page = found(visitor, "0101").text

    ids = re.findall(r' id="([^"]+)"', page)
    assert len(set(ids)) == len(ids)
    assert ticket_number in page


def test_nobody_elses_search_is_there_after_the_logout(visitor: Visitor):
    visitor.log_in("volunteer")
    found(visitor, "王奶奶")
    visitor.post("/desk/logout")
    visitor.log_in("supervisor")

    assert "王奶奶" not in visitor.get("/desk/search").text


def test_a_long_list_goes_on_behind_a_link(app: App, visitor: Visitor, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(search, "PAGE_TICKETS", 4)
    with app.sessions.begin() as db:
        for _ in range(5):
            new_ticket(db)
    visitor.log_in("supervisor")
    page = found(visitor, "0001").text
    counts = [page.count("data-ticket=")]
    while more := re.search(r'href="(/desk/search\?way=phone[^"]*)"', page):
        assert "0001" not in more.group(1)
        page = visitor.get(more.group(1).replace("&amp;", "&")).text
        counts.append(page.count("data-ticket="))
    assert [5, 4, 3] == counts


@pytest.mark.parametrize(
    "address", ["?way=nonsense", "?way=words&before=abc", "?before=-1", "?way=phone&before=9" + "9" * 30]
)
def test_a_wrong_address_is_answered(visitor: Visitor, address: str):
    visitor.log_in("supervisor")
    found(visitor, "0001")

    assert 200 == visitor.get(f"/desk/search{address}").status_code


@pytest.mark.parametrize("text", [text for text in NONSENSE if "\0" not in text and "\ud800" not in text])
def test_any_text_is_answered_and_escaped(visitor: Visitor, text: str):
    """A59, A61: A form of more than 64 kB is refused before anybody reads it; what is taken is shown again as text."""
    visitor.log_in("supervisor")
    answer = visitor.post("/desk/search", text=text)
    if len(text.encode()) > 60_000 and answer.status_code == 413:
        return

    assert 302 == answer.status_code
    page = visitor.get("/desk/search")
    assert 200 == page.status_code
    assert "<script>" not in page.text.replace('<script src="', "")
    assert 'name="text"' in page.text


@pytest.mark.parametrize("text", ["0001", "+8613800000001", "银杏社区", "王奶奶", "送到门口"])
def test_a_search_asks_the_same_number_of_questions_whatever_is_found(app: App, visitor: Visitor, text: str):
    visitor.log_in("supervisor")

    def fill(number: int) -> None:
        with app.sessions.begin() as db:
            phone = new_phone(db)
            if not db.get(CallerCard, phone.id):
                db.add(CallerCard(phone_id=phone.id, name="王奶奶", updated_at=datetime.now(UTC)))
            for _ in range(number):
                ticket = new_ticket(db)
                new_recording(db, new_call(db, ticket=ticket))
                note = {"text": "送到门口"}
                db.add(HistoryLine(ticket_id=ticket.id, at=datetime.now(UTC), kind="note", detail=note))

    def questions() -> int:
        with asked(app.sessions.engine) as statements:
            page = visitor.get("/desk/search").text
        shown.append(page.count("data-ticket="))
        return len(statements)

    shown: list[int] = []
    fill(1)
    found(visitor, text)
    few = questions()
    fill(12)

    assert few == questions()
    assert shown[0] < shown[1]
