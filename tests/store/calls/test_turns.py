"""Calls as they are kept: opened once, moved on turn by turn, ended."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ivr.store.calls import intake, turns
from ivr.store.calls.now import CallNow
from ivr.store.calls.turns import Arrival, Standing
from ivr.store.models import Call, Turn
from ivr.store.session import Sessions
from routing.questions import About
from tests.builders import CALLER, HOTLINE, new_call

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
ARRIVAL = Arrival("CA00000001", "twilio", CALLER, HOTLINE)
AT_NEED = Standing("need", "zh", community=None, failed=False, memory={"step": "need"})
HEARD, UNDERSTOOD = {"kind": "keys", "text": "1"}, {"need": "medicine"}


def held(db: Session) -> CallNow:
    found = turns.hold(db, ARRIVAL.sid)
    assert found is not None
    return found[0]


def keep_turn(call: CallNow, now: datetime = NOON, answer: str = "<Response/>") -> None:
    turns.keep_turn(call, about=About.NEED, heard=HEARD, understood=UNDERSTOOD, answer=answer, now=now)


@pytest.fixture
def call(sessions: Sessions) -> CallNow:
    with sessions.begin() as db:
        return turns.open_call(db, ARRIVAL, AT_NEED, NOON)


def test_a_new_call_stands_at_its_first_question(call: CallNow, db: Session):
    kept = db.scalars(select(Call)).one()
    assert ("need", 0, NOON, None, None) == (kept.step, kept.turn, kept.started_at, kept.ended_at, kept.outcome)
    assert (CALLER, HOTLINE) == (kept.caller and kept.caller.e164, kept.called and kept.called.e164)


def test_a_withheld_number_is_no_number(sessions: Sessions, db: Session):
    with sessions.begin() as writing:
        turns.open_call(writing, Arrival("CA00000002", "twilio", None, None), AT_NEED, NOON)
    assert None is db.scalars(select(Call)).one().caller


def test_two_first_requests_at_once_open_one_call(sessions: Sessions, db: Session):
    """Whoever comes second gets the row of the first; nobody fails."""
    ready = Barrier(6, timeout=60)

    def arrive(_: int) -> int:
        ready.wait()
        with sessions.begin() as writing:
            return turns.open_call(writing, ARRIVAL, AT_NEED, NOON).id

    with ThreadPoolExecutor(6) as pool:
        ids = set(pool.map(arrive, range(6)))
    assert (1, 1) == (len(ids), db.scalar(select(func.count(Call.id))))


def test_what_the_database_refuses_for_another_reason_is_an_error(sessions: Sessions):
    """A call without a step is no call that somebody else has opened."""
    with pytest.raises(IntegrityError), sessions.begin() as db:
        turns.open_call(db, ARRIVAL, replace(AT_NEED, step=None), NOON)


def test_a_locked_call_waits_for_whoever_has_it(sessions: Sessions, call: CallNow, db: Session):
    """Eight requests move the same call on: each sees what the one before has written."""
    ready = Barrier(8, timeout=60)

    def advance(_: int) -> None:
        ready.wait()
        with sessions.begin() as writing:
            locked = held(writing)
            keep_turn(locked)
            locked.save()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(advance, range(8)))
    assert [*range(8)] == list(db.scalars(select(Turn.n).order_by(Turn.n)))


def test_whoever_waited_for_a_call_sees_the_ticket_that_was_opened_meanwhile(sessions: Sessions, call: CallNow):
    """PostgreSQL joins what there was before the wait to the row as it is after it."""
    has_it = Event()

    def first() -> int | None:
        with sessions.begin() as writing:
            locked = held(writing)
            has_it.set()
            time.sleep(0.3)  # the other one is waiting by now
            intake.learn(writing, locked, {"spoke": True}, adds_to=None, due_at=NOON, now=NOON)
            keep_turn(locked)
            locked.save()
        return locked.ticket_id

    def second() -> tuple[int | None, int | None, datetime | None]:
        assert has_it.wait(60)
        with sessions.begin() as writing:
            waited = held(writing)
            return waited.ticket_id, waited.ticket and waited.ticket.id, waited.asked_at

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.submit(first), pool.submit(second)
        ticket_id = one.result()
    assert ticket_id
    assert (ticket_id, ticket_id, NOON) == other.result()


def test_an_unknown_call_is_none(db: Session):
    assert None is turns.lock(db, "CA-of-nobody") is turns.hold(db, "CA-of-nobody")


def test_a_turn_is_kept_with_its_reply(sessions: Sessions, call: CallNow, db: Session):
    """And can be said again, for a carrier that asks again."""
    with sessions.begin() as writing:
        locked = held(writing)
        keep_turn(locked, answer="<Response>1</Response>")
        keep_turn(locked, answer="<Response>2</Response>")
        locked.save()
        assert ["<Response>1</Response>", "<Response>2</Response>", None] == [
            turns.reply(writing, locked.id, n) for n in range(3)
        ]
    first, second = db.scalars(select(Turn).order_by(Turn.n))
    assert (None, "need", HEARD, UNDERSTOOD) == (first.asked, second.asked, second.heard, second.understood)
    assert 2 == db.scalars(select(Call.turn)).one()


@pytest.mark.parametrize(
    ("later", "ms"),
    [(timedelta(seconds=2.5), 2_500), (timedelta(0), 0), (timedelta(days=90), 86_400_000), (timedelta(minutes=-1), 0)],
)
def test_a_turn_knows_how_long_the_caller_took(
    sessions: Sessions, call: CallNow, db: Session, later: timedelta, ms: int
):
    """In milliseconds since the question; a day at most, and never less than nothing when a clock was put back."""
    with sessions.begin() as writing:
        locked = held(writing)
        keep_turn(locked)
        keep_turn(locked, NOON + later)
    assert ms == db.scalars(select(Turn.ms).where(Turn.n == 1)).one()


def test_a_call_ends_once_but_may_be_told_better(sessions: Sessions, call: CallNow, db: Session):
    """The time of its end stays; a message that came in late changes how it ended."""
    with sessions.begin() as writing:
        locked = held(writing)
        turns.end(locked, "hung_up", "message", NOON)
        turns.end(locked, "message", "message", NOON + timedelta(hours=1))
        locked.save()
    kept = db.scalars(select(Call)).one()
    assert (NOON, "message", "message") == (kept.ended_at, kept.outcome, kept.left_at)


def test_a_call_of_whose_end_nobody_told_is_ended(sessions: Sessions, db: Session):
    """What had been said in the end stays; calls that go on are left alone."""
    with sessions.begin() as writing:
        lost = new_call(writing, started_at=NOON - timedelta(hours=3), seconds=None)
        bye = new_call(writing, started_at=NOON - timedelta(hours=3), seconds=None, outcome="goodbye")
        new_call(writing, started_at=NOON - timedelta(minutes=3), seconds=None)
        assert {lost.sid, bye.sid} == set(turns.end_lost(writing, NOON - timedelta(hours=2), NOON))
    ended = db.execute(select(Call.outcome, Call.ended_at).order_by(Call.id))
    assert [("lost_track", NOON), ("goodbye", NOON), (None, None)] == [tuple(row) for row in ended]
