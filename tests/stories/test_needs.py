"""A supervisor changes what callers are offered, and the next call is about it: no file, no restart."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.store.line import changes, needs
from tests.desk.conftest import Visitor
from tests.stories.conftest import Ring, at_the_desk, newest_ticket, only_ticket

ONE = "/desk/needs/one"
OTHER = {"digit": "5", "promise": "240", "label_zh": "别的事", "label_en": "something else"}
HEATING = {
    "key": "heating",
    "digit": "4",
    "promise": "30",
    "label_zh": "暖气",
    "label_en": "heating",
    "words_zh": "暖气\n供暖\n地暖",
    "words_en": "heating\nradiator",
}


@pytest.fixture
def desk(app: App) -> Visitor:
    return at_the_desk(app, "王主任", "supervisor")


def save(app: App, desk: Visitor, known: str = "", **fields: str) -> int:
    """What the form of a need that was loaded just now gets for an answer."""
    with app.sessions.read() as db:
        version = changes.version(db, needs.about(known))
    return desk.post(ONE, known=known, version=str(version), **fields).status_code


def test_heating_on_key_4_is_offered_pressed_said_and_retired(app: App, ring: Ring, db: Session, desk: Visitor):
    assert 422 == save(app, desk, **HEATING), "key 4 is everything else"
    assert 302 == save(app, desk, "other", **OTHER)
    assert 302 == save(app, desk, **HEATING)

    phone = ring(caller="+8613800000011").dial()
    assert "用车请按3，暖气请按4，别的事请按5" in phone.said.replace(" ", "")
    phone.press("4").press("101").leave_message(key="#").silent()
    pressed = only_ticket(db)
    assert ("heating", 30) == (pressed.need, round((pressed.due_at - pressed.opened_at).total_seconds() / 60))
    assert "Heating" in desk.get(f"/desk/tickets/{pressed.id}").text

    for caller, words in (("+8613800000012", "我家暖气不热"), ("+8613800000013", "地暖漏水了，没人管")):
        ring(caller=caller).dial().speak(words).press("101").leave_message(key="#").silent()
        assert "heating" == newest_ticket(db).need
    ring(caller="+8613800000014").dial().press("9").speak("my radiator is cold").press("101").leave_message(key="#")
    assert ("heating", "en") == (newest_ticket(db).need, newest_ticket(db).language)

    assert 302 == save(app, desk, "heating", does="retire")
    phone = ring(caller="+8613800000015").dial()
    assert "暖气" not in phone.said
    phone.speak("我家暖气不热").press("101").leave_message(key="#").silent()
    assert "heating" != newest_ticket(db).need
    assert "Heating" in desk.get(f"/desk/tickets/{pressed.id}").text, "an old ticket keeps its label"


def test_who_asks_for_what_is_offered_no_more_wants_something_else(app: App, ring: Ring, db: Session, desk: Visitor):
    assert 302 == save(app, desk, "transport", does="retire")
    phone = ring().dial()
    assert "用车请按3" not in phone.said
    phone.speak("我要去医院看病，要用车").press("101").leave_message(key="#")
    assert "other" == only_ticket(db).need


def test_an_urgent_need_is_an_urgent_ticket_and_an_emergency_is_heard_all_the_same(
    app: App, ring: Ring, db: Session, desk: Visitor
):
    assert 302 == save(app, desk, **HEATING | {"digit": "5", "urgent": "1"})
    phone = ring().dial().press("5")
    assert only_ticket(db).urgent
    assert (only_ticket(db).due_at - datetime.now(UTC)).total_seconds() <= 15 * 60
    assert "120" in phone.speak("我胸口疼，喘不上气").said.replace(" ", "")


def test_other_systems_read_a_need_of_its_own(app: App, ring: Ring, db: Session, desk: Visitor):
    save(app, desk, **HEATING | {"digit": "5"})
    ring().dial().press("5").press("101").leave_message(key="#")
    page = desk.get("/desk/calls?need=heating").text
    assert "Heating" in page
