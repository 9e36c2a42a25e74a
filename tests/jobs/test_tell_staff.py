"""Members of staff are told what concerns themselves, once, on their own telephone, in their own language."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
import time_machine
from sqlalchemy import select

from ivr.app import App
from ivr.carrier.account import Carrier
from ivr.jobs.tell_staff import tell_staff
from ivr.store.answering import people, roster
from ivr.store.models import LinePerson, Staff, StaffNotice
from routing.roster.shift import Span
from tests.builders import new_channel, new_helper, new_staff
from tests.conftest import ACCOUNT_SID
from tests.notify.standins import Service, service

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)  # ten in the morning
TOMORROW = Span(NOW + timedelta(days=1), NOW + timedelta(days=1, hours=4))
LI, WANG = "+8613900000001", "+8613900000002"


@pytest.fixture
def texts(app: App) -> Iterator[Service]:
    """The carrier's texts; 李 reads Chinese and 王 English, both can be rung."""
    with service("sms") as stand_in:
        carrier = Carrier("twilio", ACCOUNT_SID, f"http://127.0.0.1:{stand_in.port}", "key", secret="s", tokens=())
        app.notifier.environment = replace(app.notifier.environment, carrier=carrier)
        with app.sessions.begin() as db, time_machine.travel(NOW, tick=False):
            sealed = app.seal.close({"sender": "+8657455500100", "to": "+8613800000009"})
            new_channel(db, "值班", "sms", sealed=sealed)
            for name, number, language in (("李", LI, "zh"), ("王", WANG, "en")):
                new_helper(db, new_staff(db, name, language=language), number)
        yield stand_in


def runs(app: App, after: timedelta = timedelta()) -> None:
    with time_machine.travel(NOW + after, tick=False):
        tell_staff(app)


def told(texts: Service) -> list[tuple[str, str]]:
    """To whom, and the first line."""
    forms = [parse_qs(each.body.decode()) for each in texts.accepted]
    return [(form["To"][0], form["Body"][0].splitlines()[0]) for form in forms]


def staff(db, name: str) -> Staff:
    return db.scalars(select(Staff).where(Staff.name == name)).one()


def shift(app: App, name: str, by: str | None, *, on: bool, span: Span = TOMORROW) -> None:
    with app.sessions.begin() as db:
        roster.change(db, staff(db, name), span, on=on, by=by and staff(db, by), now=NOW)


def states(app: App) -> list[str]:
    with app.sessions.read() as db:
        return list(db.scalars(select(StaffNotice.state).order_by(StaffNotice.id)))


def test_who_missed_too_many_calls_is_told_that_their_telephone_rests(app: App, texts: Service):
    with app.sessions.begin() as db:
        db.get_one(LinePerson, staff(db, "李").id).paused_until = NOW + timedelta(minutes=30)
    runs(app)
    runs(app, timedelta(minutes=1))
    ((to, said),) = told(texts)
    assert (LI, True) == (to, said.startswith("【红领热线】三个电话没接到，先不打给您了，到10:30为止"))


def test_who_is_ready_again_meanwhile_is_told_nothing(app: App, texts: Service):
    texts.fault = "500"
    with app.sessions.begin() as db:
        db.get_one(LinePerson, staff(db, "李").id).paused_until = NOW + timedelta(minutes=30)
    runs(app)
    texts.fault = ""
    with app.sessions.begin() as db:
        people.set_ready(db, people.person(db, staff(db, "李"), NOW), True, NOW)
    runs(app, timedelta(minutes=2))
    assert ([], ["dropped"]) == (told(texts), states(app))


def test_a_shift_that_somebody_else_moves_is_told_in_each_ones_language(app: App, texts: Service):
    shift(app, "李", "王", on=False)
    shift(app, "王", "李", on=True)
    for minutes in (0, 1, 60):
        runs(app, timedelta(minutes=minutes))
    assert {
        (LI, "【红领热线】您03-02 10:00到14:00的班取消了"),
        (WANG, "[Neighbourhood Hotline] You are on the line from 03-02 10:00 to 14:00"),
    } == set(told(texts))
    assert 2 == len(texts.accepted)


def test_what_one_does_oneself_what_a_command_does_and_what_is_over_is_not_told(app: App, texts: Service):
    shift(app, "李", "李", on=False)
    shift(app, "李", None, on=False)
    shift(app, "李", "王", on=False, span=Span(NOW - timedelta(hours=2), NOW - timedelta(hours=1)))
    runs(app)
    assert [] == told(texts)


def test_a_swap_is_told_to_who_is_asked_and_its_answer_to_who_asked(app: App, texts: Service):
    with app.sessions.begin() as db, time_machine.travel(NOW, tick=False):
        refused = roster.ask_swap(db, staff(db, "李"), staff(db, "王"), Span(NOW, NOW + timedelta(hours=4)), NOW)
    runs(app)
    with app.sessions.begin() as db:
        roster.answer_swap(db, staff(db, "王"), refused.id, False, NOW)
    runs(app, timedelta(minutes=1))
    assert [WANG, LI] == [to for to, _ in told(texts)]
    assert "asks you to take over 03-01 10:00 to 14:00" in told(texts)[0][1]
    assert "没有人代，还是您的" in told(texts)[1][1]
    with app.sessions.begin() as db:
        agreed = roster.ask_swap(db, staff(db, "李"), staff(db, "王"), Span(NOW, NOW + timedelta(hours=4)), NOW)
        roster.answer_swap(db, staff(db, "王"), agreed.id, True, NOW)
    runs(app, timedelta(minutes=2))
    assert [(LI, "【红领热线】您03-01 10:00到14:00的班取消了")] == told(texts)[2:]


@pytest.mark.parametrize("how", ["disabled", "unproved"])
def test_who_cannot_be_reached_is_not_written_to(app: App, texts: Service, how: str):
    with app.sessions.begin() as db:
        if how == "disabled":
            staff(db, "李").disabled_at = NOW
        else:
            db.get_one(LinePerson, staff(db, "李").id).proved_at = None
    shift(app, "李", "王", on=True)
    runs(app)
    assert ([], []) == (told(texts), states(app))


def test_a_carrier_that_fails_is_asked_again_and_given_up(app: App, texts: Service):
    texts.fault = "500"
    shift(app, "李", "王", on=True)
    for minutes in range(0, 120, 2):
        runs(app, timedelta(minutes=minutes))
    assert (["failed"], 6) == (states(app), len(texts.requests))


def test_an_answer_that_was_lost_is_looked_for_and_not_told_twice(app: App, texts: Service):
    texts.fault = "acts"
    shift(app, "李", "王", on=True)
    runs(app)
    texts.fault = ""
    runs(app, timedelta(minutes=10))
    assert (1, ["sent"]) == (len(texts.accepted), states(app))
