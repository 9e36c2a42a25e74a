"""A name the directory does not have: heard wrongly once, put right at the desk, taught, and right ever after."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.phone.handset import Handset
from ivr.store.models import Ticket
from tests.builders import new_staff
from tests.desk.conftest import Visitor
from tests.stories.conftest import Ring, newest_ticket

GINKGO, PEONY = "330206001001", "330206001002"


@pytest.fixture
def supervisor(app: App) -> Visitor:
    """A supervisor at the desk."""
    with app.sessions.begin() as db:
        new_staff(db, "李四", "supervisor")
    visitor = Visitor(app.test_client())
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    visitor.log_in("李四")
    return visitor


def call_about_medicine(phone: Handset, db: Session, *said: str) -> Ticket:
    """The ticket of a caller who needs medicine and says where they live."""
    phone.dial().press("1")
    for words in said:
        phone.speak(words)
    phone.leave_message()
    phone.hang_up()
    return newest_ticket(db)


def test_a_name_that_led_nowhere_is_taught_and_found(ring: Ring, app: App, db: Session, supervisor: Visitor) -> None:
    """Nobody told the hotline that 银杏社区 is called 老鹰山 by those who live there."""
    missed = call_about_medicine(ring(caller="+8613800000001"), db, "我住老鹰山", "就是老鹰山呀")
    assert missed.community_code is None

    supervisor.post(f"/desk/tickets/{missed.id}/community", community=GINKGO)
    page = supervisor.get("/desk/aliases").text
    assert "“老鹰山”" in page
    assert "heard in 1 call" in page

    supervisor.post("/desk/aliases/1/accept", alias="老鹰山", shown="proposed")
    understood = call_about_medicine(ring(caller="+8613800000002"), db, "我们家在老鹰山那边")
    assert GINKGO == understood.community_code

    page = supervisor.get("/desk/aliases").text
    assert "corrected by staff 1" in page
    assert "right at once 1" in page
    assert "recovered 1" in page


def test_a_name_that_was_taken_for_another_is_taught_and_found(
    ring: Ring, app: App, db: Session, supervisor: Visitor
) -> None:
    """牡丹花园 is an estate of 银杏社区. The line asked whether it was 牡丹社区, and the caller politely said yes."""
    wrong = call_about_medicine(ring(caller="+8613800000001"), db, "牡丹花园", "对的")
    assert PEONY == wrong.community_code

    supervisor.post(f"/desk/tickets/{wrong.id}/community", community=GINKGO)
    supervisor.post("/desk/aliases/1/accept", alias="牡丹花园", shown="proposed")
    right = call_about_medicine(ring(caller="+8613800000002"), db, "牡丹花园")
    assert GINKGO == right.community_code
    assert PEONY == call_about_medicine(ring(caller="+8613800000003"), db, "牡丹社区").community_code


def test_a_declined_name_changes_nothing(ring: Ring, app: App, db: Session, supervisor: Visitor) -> None:
    """The caller had moved; 老鹰山 is elsewhere."""
    missed = call_about_medicine(ring(caller="+8613800000001"), db, "我住老鹰山", "就是老鹰山呀")
    supervisor.post(f"/desk/tickets/{missed.id}/community", community=GINKGO)
    supervisor.post("/desk/aliases/1/decline", shown="proposed")

    again = call_about_medicine(ring(caller="+8613800000002"), db, "我住老鹰山", "就是老鹰山呀")
    assert again.community_code is None
    assert 2 == len(db.scalars(select(Ticket)).all())
