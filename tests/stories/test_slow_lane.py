"""A caller whom the line fails twice, a caller whose card says to go slow, and a slip that reaches a volunteer."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.phone.handset import Handset
from ivr.store import hotline
from ivr.store.callers import phones
from ivr.store.models import CallerCard
from tests.builders import CALLER
from tests.stories.conftest import Ring, at_the_desk, newest_ticket, only_call, only_ticket

DUTY = "+8613800000099"


@pytest.fixture
def on_duty(app: App, ring: Ring) -> None:
    """Somebody can be rung."""
    with app.sessions.begin() as db:
        hotline.settings(db).duty_phone = phones.keep(db, DUTY)


@pytest.fixture
def slow(app: App, ring: Ring) -> None:
    """Staff have put this caller into the slow lane."""
    with app.sessions.begin() as db:
        db.add(CallerCard(phone=phones.keep(db, CALLER), slow=True, updated_at=datetime.now(UTC), version=1))


def pace(phone: Handset) -> set[tuple[str | None, str | None]]:
    """How fast the last document speaks, and how long its questions wait."""
    document = ElementTree.fromstring(phone.documents[-1])  # noqa: S314 - our own document
    rates = {each.get("rate") for each in document.iter("prosody")}
    return {(rate, gather.get("timeout")) for rate in rates for gather in document.iter("Gather")}


def fail(phone: Handset) -> Handset:
    """Two misses in a row, then a message after all."""
    return phone.dial().speak("嗯嗯呃").silent().leave_message(seconds=9)


def test_whom_the_line_fails_twice_is_spoken_to_slowly_from_then_on(ring: Ring, app: App, db: Session) -> None:
    """Two calls to the beep; the third is slow. Staff see it on the ticket, unset it, and the fourth is as ever."""
    fail(ring())
    second = ring()
    second.dial()
    assert {("85%", "3")} == pace(second), "one failed call is none"
    second.press("2").silent().silent().leave_message(seconds=9)

    third = ring()
    third.dial().press("2")
    assert {("70%", "15")} == pace(third)
    third.press("1").press("101").leave_message(seconds=9).silent()
    assert "message" == newest_ticket(db).calls[-1].outcome

    supervisor = at_the_desk(app, "李四", "supervisor")
    address = f"/desk/tickets/{newest_ticket(db).id}"
    assert "Set automatically after two calls that were not understood." in supervisor.get(address).text
    supervisor.post(f"{address}/card", version="1", slow="")
    fourth = ring()
    fourth.dial()
    assert {("85%", "3")} == pace(fourth)


@pytest.mark.usefixtures("slow")
def test_in_the_slow_lane_a_message_may_take_its_time(phone: Handset, db: Session) -> None:
    """Twenty seconds of silence and four minutes; both languages are slow, and the whole way is walked."""
    phone.dial()
    assert {("70%", "15")} == pace(phone)
    phone.press("9").speak("I need medicine").press("101")
    record = ElementTree.fromstring(phone.documents[-1]).find("Record")  # noqa: S314 - our own document
    assert record is not None
    assert ("20", "240") == (record.get("timeout"), record.get("maxLength"))
    assert {("70%", "3")} == pace(phone), "the key that corrects the community"

    phone.leave_message(seconds=200).silent()
    assert ("message", [200]) == (only_call(db).outcome, [each.seconds for each in only_ticket(db).recordings])


@pytest.mark.usefixtures("slow", "on_duty")
def test_a_card_with_the_slow_lane_rings_a_person_at_once(phone: Handset, db: Session) -> None:
    """The greeting, then the ringing; whoever answers talks, and the ticket says so."""
    phone.dial()
    assert "正在帮您找人" in phone.said
    assert "请按1" not in phone.said

    phone.duty_answers("1")
    assert ("person", True) == (only_call(db).outcome, only_ticket(db).talked_at is not None)
    assert ["community_unknown"] == only_ticket(db).flags


@pytest.mark.usefixtures("slow", "on_duty")
def test_when_nobody_can_come_the_slow_questions_are_asked(phone: Handset, db: Session) -> None:
    """Down to the beep, like everybody's, but slowly."""
    phone.dial().duty_does_not_answer()
    assert "您有什么需要" in phone.said
    assert {("70%", "15")} == pace(phone)

    phone.press("1").press("101").leave_message(seconds=9).silent()
    assert ("message", "medicine", []) == (only_call(db).outcome, only_ticket(db).need, only_ticket(db).flags)


@pytest.mark.usefixtures("slow", "on_duty")
def test_the_same_matter_told_to_a_person_stays_one_ticket(ring: Ring, db: Session) -> None:
    """They left a message; they ring again and somebody is there."""
    ring().dial().duty_does_not_answer().press("1").press("101").leave_message()
    ring().dial().duty_answers("1")

    ticket = only_ticket(db)
    assert (2, True) == (len(ticket.calls), ticket.talked_at is not None)


def test_a_card_says_nothing_aloud_but_the_communitys_name(ring: Ring, app: App, db: Session) -> None:
    """A96: Whoever rings from this telephone hears no name, no address, no medicine."""
    ring().dial().press("1").press("101").leave_message()
    address = f"/desk/tickets/{newest_ticket(db).id}"
    supervisor = at_the_desk(app, "李四", "supervisor")
    kept = {
        "name": "王桂英",
        "address": "红门",
        "medicine": "缬沙坦",
        "family_name": "小芳",
        "community": "牡丹社区",
    }
    assert 302 == supervisor.post(f"{address}/card", version="0", consent="1", **kept).status_code
    supervisor.post(f"{address}/resolve", done="brought")

    phone = ring()
    phone.dial().press("1")
    assert "还是牡丹社区吗" in phone.said
    phone.press("1").leave_message().silent()
    heard = "".join(phone.documents)
    assert not [secret for secret in ("王桂英", "红门", "缬沙坦", "小芳") if secret in heard]


def test_a_slip_reaches_a_volunteer(ring: Ring, app: App, db: Session) -> None:
    """An officer takes a call by hand; a volunteer sees it, claims it, and reads what was said."""
    officer = at_the_desk(app, "王五", "officer")
    form = {"phone": "138 0000 0042", "community": "银杏", "need": "food", "words": "米没有了", "language": "zh"}
    assert 302 == officer.post("/desk/tickets/new", **form).status_code

    volunteer = at_the_desk(app, "张三", "volunteer")
    ticket = only_ticket(db)
    assert f"/desk/tickets/{ticket.id}/claim" in volunteer.get("/desk/").text
    page = volunteer.client.get(volunteer.post(f"/desk/tickets/{ticket.id}/claim").location).text
    assert "米没有了" in page
    assert 'href="tel:+8613800000042"' in page


def test_who_was_written_down_and_then_rings_is_known(ring: Ring, app: App, db: Session) -> None:
    """Their community, and that their matter is in hand."""
    officer = at_the_desk(app, "王五", "officer")
    form = {"phone": CALLER, "community": "银杏", "need": "food", "language": "zh"}
    officer.post("/desk/tickets/new", **form)

    phone = ring()
    phone.dial()
    assert "买菜送饭的事登记好了" in phone.said
    phone.leave_message(seconds=7)
    assert [7] == [each.seconds for each in only_ticket(db).recordings]
