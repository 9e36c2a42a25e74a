"""Placing a call: once, whatever the carrier answers, and with clear words when it does not."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.jobs.follow_calls import follow_calls
from ivr.jobs.place_call import place_call
from ivr.store.facts.history import CalledBack
from ivr.store.models import LinePerson, Outgoing, Ticket
from ivr.store.outgoing import callbacks, course, placing
from tests.builders import new_call, new_helper, new_staff, new_ticket
from tests.fake_carrier import Answer, FakeCarrier, Lost

BUSY = Answer(429, b'{"code": 20429}', "application/json")
BROKEN = Answer(503, b"", "text/html")
REFUSED = Answer(401, b'{"code": 20003, "message": "Authenticate"}', "application/json")
FOREIGN = Answer(400, b'{"code": 21215}', "application/json")


@pytest.fixture
def ordered(app: App, carrier: FakeCarrier) -> int:
    """A supervisor has pressed; the worker has not begun."""
    with app.sessions.begin() as db:
        staff = new_staff(db, "李主管", "supervisor")
        new_helper(db, staff)
        ticket = new_ticket(db, urgent=True)
        new_call(db, ticket=ticket)
        return callbacks.call_back(db, app.later, staff, ticket.id, "press:1", app.terms, datetime.now(UTC)).id


def look(db: Session, ordered: int) -> Outgoing:
    db.expire_all()
    return db.get_one(Outgoing, ordered)


def again(app: App, ordered: int) -> None:
    """The next try's time has come."""
    with app.sessions.begin() as db:
        db.get_one(Outgoing, ordered).next_try_at = datetime.now(UTC)
    place_call(app, ordered)


def test_it_is_placed_once_however_often_the_job_is_done(app: App, carrier: FakeCarrier, ordered: int, db: Session):
    for _ in range(3):
        place_call(app, ordered)
    (call,) = carrier.placed
    assert ("ringing", call.sid) == (look(db, ordered).state, look(db, ordered).sid)
    assert f"/voice/callback/{ordered}#rc=2&rp=ct,rt,5xx" == call.url.removeprefix(app.settings.base_url)


def test_a_carrier_that_is_busy_or_broken_is_asked_again(app: App, carrier: FakeCarrier, ordered: int, db: Session):
    carrier.places = [BUSY, BROKEN]
    place_call(app, ordered)
    assert ("waiting", "crowded", {(ordered, 0), (ordered, 1)}) == (
        look(db, ordered).state,
        look(db, ordered).trouble,
        app.later.unfinished("place_call"),
    )
    again(app, ordered)
    assert "broken" == look(db, ordered).trouble
    again(app, ordered)
    assert ("ringing", 1) == (look(db, ordered).state, len(carrier.placed))


def test_a_call_whose_answer_was_lost_is_looked_for_before_it_is_placed_again(
    app: App, carrier: FakeCarrier, ordered: int, db: Session
):
    carrier.places = [Lost()]
    place_call(app, ordered)
    assert ("waiting", True) == (look(db, ordered).state, look(db, ordered).in_doubt)
    again(app, ordered)
    assert (1, carrier.placed[0].sid) == (len(carrier.placed), look(db, ordered).sid)


def test_a_worker_that_dies_while_it_asks_places_no_second_call(
    app: App, carrier: FakeCarrier, ordered: int, db: Session, monkeypatch: pytest.MonkeyPatch
):
    """It had placed the call, and did not live to say so: whoever takes over finds it."""
    with app.sessions.begin() as writing:
        assert placing.take(writing, ordered, datetime.now(UTC))
    carrier.place(
        {"To": "+8613900000001", "From": "+8657455500100", "Url": "", "StatusCallback": "", "FallbackUrl": ""}
    )
    with app.sessions.begin() as writing:
        writing.get_one(Outgoing, ordered).next_try_at = datetime.now(UTC) - timedelta(minutes=5)
    monkeypatch.setattr(app.later, "unfinished", lambda job: set())  # its job died with it
    follow_calls(app)
    monkeypatch.undo()
    assert (ordered, 1) in app.later.unfinished("place_call")
    place_call(app, ordered, 1)
    assert (1, carrier.placed[0].sid) == (len(carrier.placed), look(db, ordered).sid)


@pytest.mark.parametrize(
    ("answer", "trouble", "code"), [(REFUSED, "refused", None), (FOREIGN, "rejected", 21215), (BROKEN, "broken", None)]
)
def test_what_cannot_be_placed_is_said_and_frees_everybody(
    app: App, carrier: FakeCarrier, ordered: int, db: Session, answer: Answer, trouble: str, code: int | None
):
    """20003 and a country that is not allowed at once, a carrier that stays broken after five tries."""
    carrier.places = [answer] * placing.TRIES
    place_call(app, ordered)
    for _ in range(placing.TRIES - 1):
        again(app, ordered)
    row = look(db, ordered)
    assert ("not_placed", trouble, code) == (row.outcome, row.trouble, row.code)
    assert (5 if trouble == "broken" else 1) == row.tries
    assert db.get_one(LinePerson, row.staff_id).busy_until is None
    assert [CalledBack("not_placed")] == [
        line.entry for line in db.get_one(Ticket, row.ticket_id).history if isinstance(line.entry, CalledBack)
    ]


def test_a_call_that_nobody_expects_any_more_is_not_placed(app: App, carrier: FakeCarrier, ordered: int, db: Session):
    """The worker was off; ten minutes later no telephone rings out of the blue."""
    with app.sessions.begin() as writing:
        writing.get_one(Outgoing, ordered).asked_at -= timedelta(minutes=10)
    place_call(app, ordered)
    assert ([], "not_placed", "late") == (carrier.placed, look(db, ordered).outcome, look(db, ordered).trouble)


@pytest.mark.parametrize(
    ("status", "age", "outcome"),
    [("completed", timedelta(minutes=5), "not_taken"), ("in-progress", timedelta(minutes=5), None),
     (None, timedelta(minutes=5), "lost"), ("in-progress", course.LOST * 2, "lost")],
)  # fmt: skip
def test_a_call_of_whose_end_nobody_told_us_is_asked_for(
    app: App, carrier: FakeCarrier, ordered: int, db: Session, status: str | None, age: timedelta, outcome: str | None
):
    place_call(app, ordered)
    assert carrier.lists
    carrier.lists["Calls"][0]["status"] = status
    if status is None:
        carrier.lists["Calls"].clear()
    with app.sessions.begin() as writing:
        writing.get_one(Outgoing, ordered).asked_at -= age
    follow_calls(app)
    assert outcome == look(db, ordered).outcome
