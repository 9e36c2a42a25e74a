"""More calls than can be asked everything, and a number that rings for nothing: nobody in need is locked out."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.jobs.watch_calls import watch_calls
from ivr.store import hotline
from ivr.store.callers import phones
from ivr.store.facts import line
from ivr.store.keeping import erasing
from ivr.store.line import changes, nuisance, surge
from ivr.store.models import AuditLine, Call, LineChange, Notice
from tests.builders import new_call, new_channel, new_rule
from tests.stories.conftest import Ring, at_the_desk, newest_ticket, only_ticket

CALLER = "+8613800000001"


def test_in_a_surge_a_call_is_one_question_and_the_message(app: App, ring: Ring, db: Session):
    """Switched on at the desk and off again: who and when stand there, and above every page while it holds."""
    desk = at_the_desk(app, "王主任", "supervisor")
    assert 302 == desk.post("/desk/surge", version="0", length="2").status_code
    assert "Surge: until" in desk.get("/desk/figures/wall").text

    phone = ring().dial()
    assert "您先说一句，什么事" in phone.said
    assert "按1" not in phone.said
    phone.speak("我在银杏社区，想买点降压药")
    assert "嘀声后开始录音" in phone.said
    phone.leave_message(key="#")
    assert "要听一遍" not in phone.said
    ticket = only_ticket(db)
    assert ("medicine", "330206001001") == (ticket.need, ticket.community_code)

    page = desk.get("/desk/surge").text
    assert "Switched on by 王主任" in page
    with app.sessions.read() as reading:
        last = changes.version(reading, surge.ABOUT)
    desk.post("/desk/surge", version=str(last), does="end")
    assert "Surge: until" not in desk.get("/desk/").text
    assert "买药请按1" in ring(caller="+8613800000002").dial().said


@pytest.mark.parametrize(("says", "told"), [("我妈妈摔倒了，昏过去了", "120"), ("着火了", "119")])
def test_an_emergency_is_understood_in_a_surge(app: App, ring: Ring, db: Session, says: str, told: str):
    with app.sessions.begin() as writing:
        changes.make(writing, None, surge.ABOUT, on(hours=1), datetime.now(UTC))
    phone = ring().dial().speak(says)
    assert f"马上拨打{told}" in phone.said.replace(" ", "")
    phone.leave_message(key="#")
    assert only_ticket(db).urgent


def test_who_rings_again_in_a_surge_adds_to_their_matter(app: App, ring: Ring, db: Session):
    ring(caller=CALLER).dial().press("1").press("101").leave_message(key="#").silent()
    with app.sessions.begin() as writing:
        changes.make(writing, None, surge.ABOUT, on(hours=1), datetime.now(UTC))
    ring(caller=CALLER).dial().silent().leave_message(key="#")
    assert 2 == len(only_ticket(db).calls)
    assert "电话号码" in ring(caller=None).dial().speak("我要用车").said


def test_a_surge_begins_and_ends_by_the_calls_of_an_hour(app: App, sessions):
    """And by the hand that ended it, not again for an hour. Each change stands among the changes."""
    start = datetime.now(UTC)
    with sessions.begin() as db:
        changes.make(db, None, surge.RULE, line.SurgeRule(5), start)
        for number in range(5):
            new_call(db, started_at=start - timedelta(minutes=number))
    watch_calls(app)

    with sessions.read() as db:
        began = surge.current(db)
    assert (5, True) == (began.calls, began.holds(datetime.now(UTC)))
    later = start + timedelta(minutes=59)
    with sessions.begin() as db:
        assert surge.watch(db, later)  # one call is left in that hour
        assert surge.current(db) is None
        assert not surge.watch(db, later)
        last = changes.latest(db, surge.ABOUT)
        assert (None, None) == (last.staff, last.after)


def test_a_surge_by_the_switch_ends_with_its_time(app: App, sessions, ring: Ring):
    with sessions.begin() as db:
        changes.make(db, None, surge.ABOUT, on(hours=-1), datetime.now(UTC))
    assert "买药请按1" in ring().dial().said
    watch_calls(app)
    with sessions.read() as db:
        assert surge.current(db) is None


def test_a_number_on_the_nuisance_list_is_answered_and_rings_nobody(app: App, ring: Ring, db: Session):
    """Listed from their ticket; a person, the queue and notices are not for them. The message and 120 are, and whoever
    is told of emergencies is told of theirs.
    """
    ring(caller=CALLER).dial().press("4").press("101").leave_message(key="#").silent()
    ticket = only_ticket(db)
    with app.sessions.begin() as writing:
        new_rule(writing, new_channel(writing))
    desk = at_the_desk(app, "王主任", "supervisor")
    day = f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%d}"
    answer = desk.post("/desk/nuisance", ticket=str(ticket.id), reason="骂人", ends=day)
    assert 302 == answer.status_code
    assert CALLER not in answer.location

    with app.sessions.begin() as writing:
        hotline.settings(writing).duty_phone = phones.keep(writing, "+8657455500199")
    phone = ring(caller=CALLER).dial()
    assert "您先说一句，什么事" in phone.said
    assert "请先留句话" in phone.press("0").said  # nobody's telephone rings
    phone.leave_message(key="#")
    assert [] == db.scalars(select(Notice)).all()
    assert "120" in ring(caller=CALLER).dial().speak("我胸口疼，喘不上气").said.replace(" ", "")
    assert newest_ticket(db).urgent
    assert [newest_ticket(db).id] == db.scalars(select(Notice.ticket_id)).all()
    assert 3 == len(db.scalars(select(Call)).all())
    assert "on the nuisance list" in desk.get(f"/desk/tickets/{ticket.id}").text
    assert "2 calls since" in desk.get("/desk/nuisance").text
    deeds = db.scalars(select(AuditLine).where(AuditLine.kind == "line_changed")).all()
    assert [False] == [CALLER in str(each.detail) for each in deeds]


def test_the_list_ends_by_itself_and_goes_with_the_number(app: App, ring: Ring, db: Session):
    now = datetime.now(UTC)
    with app.sessions.begin() as writing:
        phone = phones.keep(writing, CALLER)
        listed = line.Nuisance("骂人", str(now + timedelta(days=1)), phone.tail)
        changes.make(writing, None, nuisance.about(phone), listed, now)
    desk = at_the_desk(app, "王主任", "supervisor")
    assert "ends soon: still needed?" in desk.get("/desk/nuisance").text
    assert "1 number on the nuisance list ends soon." in desk.get("/desk/overview").text
    with app.sessions.begin() as writing:
        over = line.Nuisance("骂人", str(now), phone.tail)
        changes.make(writing, None, nuisance.about(phone), over, now)
    assert "买药请按1" in ring(caller=CALLER).dial().said
    with app.sessions.begin() as writing:
        erasing.numbers(writing, [phone.id], now)
    assert [] == db.scalars(select(LineChange)).all()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"phone": "+8657455500111"}, "a number of our own people"),
        ({"phone": "1380000"}, "4 digits are missing"),
        ({"reason": ""}, "Please write something"),
        ({"ends": "2020-01-01"}, "A day from today on"),
    ],
)
def test_what_cannot_be_listed_comes_back_with_the_reason(app: App, ring: Ring, db: Session, typed: dict, told: str):
    desk = at_the_desk(app, "王主任", "supervisor")
    day = f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%d}"
    answer = desk.post("/desk/nuisance", **{"phone": "13800000001", "reason": "骂人", "ends": day} | typed)
    assert 422 == answer.status_code
    assert told in answer.text
    assert [] == db.scalars(select(LineChange)).all()


def test_the_number_of_a_caller_who_withholds_it_cannot_be_listed(app: App, ring: Ring, db: Session):
    ring(caller=None).dial().press("4").press("101").press("#").leave_message(key="#").silent()
    desk = at_the_desk(app, "王主任", "supervisor")
    day = f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%d}"
    answer = desk.post("/desk/nuisance", ticket=str(only_ticket(db).id), reason="骂人", ends=day)
    assert 422 == answer.status_code
    assert "withheld the number" in answer.text


def on(hours: int) -> line.Surge:
    """Begun two hours ago, for so many from now."""
    now = datetime.now(UTC)
    return line.Surge(str(now - timedelta(hours=2)), str(now + timedelta(hours=hours)))
