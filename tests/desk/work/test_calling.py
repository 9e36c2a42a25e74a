"""Calling back from a ticket's page: the press, what stands against it, how it goes, and what came of it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from ivr.app import App
from ivr.desk.shell.guard import now
from ivr.store.callers import phones
from ivr.store.facts import line
from ivr.store.line import changes
from ivr.store.line.changes import About
from ivr.store.models import Call, LinePerson, Outgoing, Staff, Ticket, Transfer
from tests.builders import new_helper
from tests.desk.conftest import Visitor

PRESS = re.compile(r'name="press" value="(\w+)"')


@pytest.fixture
def path(desk) -> str:
    return f"/desk/tickets/{desk.here}"


@pytest.fixture
def officer(app: App, desk, visitor: Visitor) -> Visitor:
    """An officer with a telephone, and a caller who hung up a while ago."""
    with app.sessions.begin() as db:
        new_helper(db, db.scalars(select(Staff).where(Staff.name == "officer")).one())
        call = db.scalars(select(Call).where(Call.ticket_id == desk.here)).one()
        call.started_at, call.ended_at = now() - timedelta(minutes=9), now() - timedelta(minutes=5)
    visitor.log_in("officer")
    return visitor


def press(officer: Visitor, path: str) -> str:
    return PRESS.search(officer.get(path).text)[1]


def the_call(app: App, **values: object) -> Outgoing:
    with app.sessions.begin() as db:
        row = db.scalars(select(Outgoing)).one()
        for name, value in values.items():
            setattr(row, name, value)
    return row


def test_one_press_is_one_call_and_the_page_says_how_it_goes(app: App, officer: Visitor, path: str):
    """Tapped twice it is the same; while it goes on there is no button, and others read who calls."""
    key = press(officer, path)
    for _ in range(2):
        assert 302 == officer.post(f"{path}/callback", press=key).status_code
    assert ("waiting", f"press:{key}") == ((row := the_call(app)).state, row.key)
    page = officer.get(path).text
    assert "your telephone is about to ring" in page
    assert not PRESS.search(page)
    assert 400 == officer.post(f"{path}/callback", press="again").status_code


def test_what_stands_against_it_is_said(app: App, officer: Visitor, path: str):
    """The same press later leads to a call: nothing was kept."""
    key = press(officer, path)
    with app.sessions.begin() as db:
        db.scalars(select(LinePerson)).one().busy_until = now() + timedelta(minutes=1)
    answer = officer.post(f"{path}/callback", press=key)
    assert (422, True) == (answer.status_code, "Your telephone is ringing, or in a call." in answer.text)
    with app.sessions.begin() as db:
        db.scalars(select(LinePerson)).one().busy_until = None
    assert 302 == officer.post(f"{path}/callback", press=key).status_code


@pytest.mark.parametrize(
    ("trouble", "code", "said"),
    [("refused", None, "TWILIO_AUTH_TOKEN"), ("rejected", 21215, "Geo Permissions"), ("late", None, "worker")],
)
def test_why_the_carrier_placed_nothing_is_said(
    app: App, officer: Visitor, path: str, trouble: str, code: int | None, said: str
):
    officer.post(f"{path}/callback", press=press(officer, path))
    the_call(app, state="over", ended_at=now(), outcome="not_placed", trouble=trouble, code=code)
    page = officer.get(path).text
    assert said in page
    assert PRESS.search(page)


def test_what_came_of_a_talk_is_asked_once(app: App, officer: Visitor, path: str, desk):
    officer.post(f"{path}/callback", press=press(officer, path))
    the_call(app, state="over", ended_at=now(), answered_at=now(), outcome="talked")
    assert "What came of your talk" in officer.get(path).text
    assert 302 == officer.post(f"{path}/result", result="helped", words="药店已送到").status_code
    assert 302 == officer.post(f"{path}/result", result="closed", words="").status_code
    with app.sessions.read() as db:
        assert ("resolved", "helped") == (db.get_one(Ticket, desk.here).status, the_call(app).result)
    page = officer.get(path).text
    assert "药店已送到" in page
    assert "What came of your talk" not in page


def test_who_has_no_telephone_is_told_what_it_takes(visitor: Visitor, path: str):
    visitor.log_in("officer")
    assert 'href="/desk/account#pin-title"' in visitor.get(path).text
    assert "a supervisor enters it" in visitor.get("/desk/account").text
    assert "no telephone that was proved" in visitor.post(f"{path}/callback", press="0" * 32).text


def test_a_duty_contact_is_brought_in_while_one_talks(app: App, officer: Visitor, path: str, desk):
    """The button stands there during the talk alone; who is in no talk, or has nobody to ask, reads why."""
    with app.sessions.begin() as db:
        place = db.get_one(Ticket, desk.here).community.code
    assert "You are not talking with" in officer.post(f"{path}/contact", press="0" * 32).text
    officer.post(f"{path}/callback", press=press(officer, path))
    assert "Bring in the community" not in officer.get(path).text
    the_call(app, state="talking", sid="CA" + "1" * 32, second_sid="CA" + "2" * 32, taken_at=now(), answered_at=now())
    key = press(officer, path)
    assert "This community has no duty contact" in officer.post(f"{path}/contact", press=key).text
    with app.sessions.begin() as db:
        chen = phones.keep(db, "+8657455500131")
        duty = line.PlaceDuty("陈书记", chen.id, chen.tail, {})
        changes.make(db, None, About(line.PlaceDuty, place), duty, now())
    for _ in range(2):
        assert 302 == officer.post(f"{path}/contact", press=key).status_code
    with app.sessions.read() as db:
        assert "CA" + "2" * 32 == db.scalars(select(Transfer)).one().resident_sid
    assert 400 == officer.post(f"{path}/contact", press="again").status_code
