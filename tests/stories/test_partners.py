"""A matter goes to the repair centre and comes back; one of theirs is taken on here. Each side keeps both numbers."""

import re

import pytest
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.store.line import partners
from tests.desk.conftest import Visitor
from tests.stories.conftest import Ring, at_the_desk, newest_ticket, only_ticket

REPAIRS = {
    "known": "",
    "version": "0",
    "name_zh": "民生热线",
    "name_en": "Livelihood line",
    "number": "81890",
    "hours": "8:00-20:00",
    "purpose": "家政维修",
}
THEIRS = "HD-2026-118"
TAG = ">with Livelihood line<"


@pytest.fixture
def partner(app: App) -> str:
    """Entered by a supervisor; its key."""
    at_the_desk(app, "王主任", "supervisor").post("/desk/partners/one", **REPAIRS)
    (key,) = partners.offered(app.line.now().decided)
    return key


def found(desk: Visitor, text: str) -> str:
    desk.post("/desk/search", text=text)
    return desk.get("/desk/search").text


def test_passed_referred_searched_back_and_answered(app: App, ring: Ring, db: Session, partner: str):
    ring(caller="+8613800000011").dial().press("2").press("101").leave_message(key="#").silent()
    ticket = only_ticket(db)
    page, desk = f"/desk/tickets/{ticket.id}", at_the_desk(app, "张三", "volunteer")
    assert 403 == desk.post(f"{page}/partner", partner=partner, pass_note="水管爆了", reference="").status_code
    desk.post(f"{page}/claim")
    assert "Ring them, and tell them our number:" in desk.get(page).text

    assert 302 == desk.post(f"{page}/partner", partner=partner, pass_note="水管爆了", reference="").status_code
    shown = re.sub("<.*?>", "", desk.get(page).text)
    for told in ("With Livelihood line", f"Our number, to tell them: {ticket.number}", "水管爆了"):
        assert told in shown, told
    assert "Pass to a partner" not in desk.get(page).text
    assert TAG in desk.get("/desk/?view=mine").text
    assert TAG in found(desk, ticket.number)
    assert page not in found(desk, THEIRS)
    assert 302 == desk.post(f"{page}/partner/reference", reference=THEIRS).status_code
    assert page in found(desk, THEIRS)
    assert page in found(desk, "2026-118")

    assert 302 == desk.post(f"{page}/partner/outcome", came="back", partner_said="不归他们管").status_code
    again = at_the_desk(app, "李四", "volunteer")
    assert TAG not in again.get("/desk/?view=all").text
    assert "Livelihood line could not do it" in again.get(page).text
    assert "不归他们管" in again.get(page).text
    db.expire_all()
    assert ("new", None) == (ticket.status, ticket.claimed_by_id)

    again.post(f"{page}/claim")
    again.post(f"{page}/partner", partner=partner, pass_note="是公共水管", reference="HD-2026-121")
    assert 302 == again.post(f"{page}/partner/outcome", came="answered", partner_said="师傅修好了").status_code
    db.expire_all()
    assert "resolved" == ticket.status
    for told in (
        "Passed to Livelihood line; their reference: HD-2026-121",
        "Came back from Livelihood line",
        "Livelihood line has answered",
        "师傅修好了",
    ):
        assert told in again.get(page).text, told
    assert page in found(again, THEIRS), "done ones are found too"


def test_taken_from_a_partner(app: App, db: Session, ring: Ring, partner: str):
    """Typed by hand with their reference; where the partner is retired, its name stays."""
    desk, new = at_the_desk(app, "张三", "volunteer"), "/desk/tickets/new"
    slip = {"need": "food", "language": "zh", "phone": "13800000012", "community": "银杏社区", "words": "要米"}
    wrongs = ({"reference": THEIRS}, {"partner": "fedcba9876543210"}, {"partner": partner, "reference": "9" * 61})
    for wrong in wrongs:
        answer = desk.post(new, **slip | wrong)
        assert 422 == answer.status_code
    assert "Livelihood line" in answer.text
    assert 302 == desk.post(new, **slip, partner=partner, reference=THEIRS).status_code
    ticket = newest_ticket(db)
    page = f"/desk/tickets/{ticket.id}"
    supervisor = at_the_desk(app, "陈主任", "supervisor")
    supervisor.post("/desk/partners/one", **REPAIRS | {"known": partner, "version": "1", "does": "retire"})
    for told in ("Taken from Livelihood line.", THEIRS, "Our number, to tell them:"):
        assert told in supervisor.get(page).text, told
    assert "Taken from Livelihood line; their reference: HD-2026-118" in supervisor.get(page).text
    assert page in found(supervisor, THEIRS)
    assert "Livelihood line" not in desk.get(new).text
