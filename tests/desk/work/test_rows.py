"""Rows of the inbox that are kept: nobody is shown another's, or an old one."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from ivr.app import App
from ivr.desk.work import rows
from ivr.store.inbox import rows as row_data
from ivr.store.models import CallerCard, HistoryLine
from tests.builders import new_phone, new_staff
from tests.desk.conftest import Visitor

pytestmark = pytest.mark.usefixtures("desk")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """Which tickets were read to be written, a list each time."""
    asked: list[list[int]] = []
    tickets = row_data.tickets

    def note(db: object, ids: list[int]) -> object:
        asked.append(sorted(ids))
        return tickets(db, ids)

    monkeypatch.setattr(row_data, "tickets", note)
    return asked


def visitor_named(app: App, name: str) -> Visitor:
    visitor = Visitor(app.test_client())
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    visitor.log_in(name)
    return visitor


def test_a_row_is_written_once_for_all_who_see_the_same(app: App, desk: SimpleNamespace, read: list[list[int]]):
    with app.sessions.begin() as db:
        new_staff(db, "another")
    pages = [visitor_named(app, name).get("/desk/?view=all").text for name in ("volunteer", "another", "volunteer")]

    assert [sorted([desk.here, desk.there])] == read
    assert {2} == {page.count("data-ticket=") for page in pages}


def test_a_row_that_something_happened_to_is_written_anew_and_no_other(
    app: App, visitor: Visitor, desk: SimpleNamespace, read: list[list[int]]
):
    visitor.log_in("volunteer")
    visitor.get("/desk/?view=all")
    with app.sessions.begin() as db:
        db.add(HistoryLine(ticket_id=desk.there, at=datetime.now(UTC), kind="audio"))
    visitor.get("/desk/?view=all")

    assert [desk.there] == read[-1]


def test_a_card_that_changed_is_seen(app: App, visitor: Visitor, desk: SimpleNamespace):
    visitor.log_in("supervisor")
    assert "speak slowly" not in visitor.get("/desk/?view=all").text
    with app.sessions.begin() as db:
        db.add(CallerCard(phone_id=new_phone(db).id, slow=True, updated_at=datetime.now(UTC)))

    assert "speak slowly" in visitor.get("/desk/?view=all").text


def test_each_role_has_rows_of_its_own(app: App):
    """What the supervisor's row says (the whole number) is not what the volunteer is shown a moment later."""
    assert "138 0000 0001" in visitor_named(app, "supervisor").get("/desk/?view=all").text
    assert "138 0000 0001" not in visitor_named(app, "volunteer").get("/desk/?view=all").text


def test_each_language_has_rows_of_its_own(visitor: Visitor):
    visitor.log_in("volunteer")
    assert "Medicine" in visitor.get("/desk/?view=all").text
    visitor.post("/desk/language", language="zh")

    assert "Medicine" not in visitor.get("/desk/?view=all").text


def test_a_ticket_that_is_mine_is_anothers_to_others(app: App, desk: SimpleNamespace):
    with app.sessions.begin() as db:
        new_staff(db, "another")
    mine, others = visitor_named(app, "volunteer"), visitor_named(app, "another")
    mine.post(f"/desk/tickets/{desk.here}/claim")

    page = mine.get("/desk/?view=all").text
    assert "yours" in page
    assert "138 0000 0001" in page
    page = others.get("/desk/?view=all").text
    assert "yours" not in page
    assert "138 0000 0001" not in page


def test_rows_do_not_grow_old(visitor: Visitor, read: list[list[int]], monkeypatch: pytest.MonkeyPatch):
    visitor.log_in("volunteer")
    visitor.get("/desk/?view=all")
    later = datetime.now(UTC).timestamp() + rows.STALE_AFTER_S
    monkeypatch.setattr(rows, "now", lambda: datetime.fromtimestamp(later, UTC))
    visitor.get("/desk/?view=all")

    assert 2 == len(read)
