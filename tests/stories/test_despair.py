"""Somebody does not want to live any more: who is trained to listen is rung first, and nobody stands before them."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.phone.handset import Handset
from ivr.store.models import LinePerson
from ivr.store.models import Ring as RingRow
from tests.builders import new_helper, new_staff
from tests.stories.conftest import Ring, at_the_desk, only_call, only_ticket

LI, WANG = "+8613900000001", "+8613900000002"
LINE = "12356"


@pytest.fixture
def helpers(app: App, ring: Ring) -> None:
    """Li is trained in counselling, on for food alone, and has just spoken; Wang has been idle for long."""
    with app.sessions.begin() as db:
        now = datetime.now(UTC)
        new_helper(db, new_staff(db, "李"), LI, idle_since=now, counsels=True, needs=["food"])
        new_helper(db, new_staff(db, "王"), WANG, idle_since=now - timedelta(hours=3))


def whispered(phone: Handset) -> str:
    return " ".join(each.text for each in phone.transcript if each.who == "whisper")


def outcomes(db: Session) -> list[tuple[str, str | None]]:
    db.expire_all()
    return [(each.phone.e164, each.outcome) for each in db.scalars(select(RingRow).order_by(RingRow.id))]


def sets_line(app: App) -> None:
    app.settings = app.settings.model_copy(update={"hotline_counselling_number": LINE})


@pytest.mark.usefixtures("helpers")
def test_who_is_trained_takes_the_call_and_knows_what_it_is_about(ring: Ring, db: Session) -> None:
    phone = ring().dial().speak("我不想活了")
    assert "我在听，您别急" in phone.said
    phone.duty_answers("1")
    assert "来电的人可能不想活了" in whispered(phone)
    assert ([(LI, "taken")], "person") == (outcomes(db), only_call(db).outcome)
    assert (True, "李") == (only_ticket(db).urgent, only_ticket(db).claimed_by.name)


@pytest.mark.usefixtures("helpers")
def test_others_come_after_them_and_then_the_counselling_line(ring: Ring, app: App, db: Session) -> None:
    sets_line(app)
    phone = ring().dial().speak("活着没意思，想死")
    phone.duty_does_not_answer().duty_does_not_answer()
    assert [(LI, "no_answer"), (WANG, "no_answer")] == outcomes(db)
    said = phone.said.replace(" ", "")
    assert ("12356" in said, "120" in said) == (True, True)
    phone.leave_message()
    assert (True, 1) == (only_ticket(db).urgent, len(only_ticket(db).recordings))


@pytest.mark.usefixtures("helpers")
def test_nobody_who_waits_stands_before_them(ring: Ring, app: App, db: Session) -> None:
    with app.sessions.begin() as writing:
        for row in writing.scalars(select(LinePerson)):
            row.busy_until = datetime.now(UTC) + timedelta(hours=1)
            row.needs = []
    assert "下一位就是您" in ring(caller="+8613800000002").dial().press("2").press("101").press("0").said
    with app.sessions.begin() as writing:
        for row in writing.scalars(select(LinePerson)).all()[:1]:
            row.busy_until = None
    ring().dial().speak("我不想活了").duty_answers("1")
    assert [(LI, "taken")] == outcomes(db)


@pytest.mark.usefixtures("helpers")
def test_who_has_taken_something_hears_the_number_to_dial_at_once(ring: Ring, db: Session) -> None:
    phone = ring().dial().speak("我喝了农药，不想活了")
    assert "马上拨打120" in phone.said.replace(" ", "")
    assert [] == outcomes(db)


@pytest.mark.parametrize("line", ["", LINE])
def test_where_nobody_is_on_they_hear_whom_to_ring_and_the_beep(ring: Ring, app: App, db: Session, line: str) -> None:
    if line:
        sets_line(app)
    phone = ring().dial().speak("我不想活了")
    said = phone.said.replace(" ", "")
    assert ("120" in said, LINE in said) == (True, bool(line))
    phone.leave_message()
    assert only_ticket(db).urgent


def test_a_supervisor_says_at_the_roster_who_is_trained(app: App, db: Session, ring: Ring) -> None:
    with app.sessions.begin() as writing:
        person = new_helper(writing, new_staff(writing, "李"), LI).staff_id
    desk = at_the_desk(app, "主管", "supervisor")
    assert "Nobody yet." in desk.get("/desk/roster").text
    for trained in ("yes", "no"):
        desk.post("/desk/roster/counsellors", person=str(person), trained=trained)
        db.expire_all()
        assert (trained == "yes") is db.get_one(LinePerson, person).counsels
