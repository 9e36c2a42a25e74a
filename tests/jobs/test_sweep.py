"""What got stuck is found by looking at our own tables."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from ivr.app import App
from ivr.jobs.sweep import sweep
from ivr.store.access import swept
from ivr.store.models import Call
from tests.builders import new_call, new_recording, new_turn

LONG_AGO = datetime.now(UTC) - timedelta(hours=3)
JUST_NOW = LONG_AGO + timedelta(hours=4)  # read when the tests are collected, and the sweep may come minutes later


def test_a_recording_that_nobody_fetches_is_queued_again(app: App) -> None:
    """F14: Its job was lost, or failed in a way nobody had thought of."""
    with app.sessions.begin() as db:
        lost = new_recording(db, new_call(db, started_at=LONG_AGO), state="expected")
        new_recording(db, new_call(db, started_at=JUST_NOW), state="expected")
        new_recording(db, new_call(db, started_at=LONG_AGO), state="missing")
        new_recording(db, new_call(db, started_at=LONG_AGO), state="fetched")

    sweep(app)
    assert {(lost.id, 0)} == app.later.unfinished("fetch_recording")
    with app.sessions.read() as db:
        assert {"recordings": 1} == swept.lately(db, datetime.now(UTC))


def test_a_recording_that_waits_for_its_next_try_is_left_alone(app: App) -> None:
    """An hour between two tries is no reason for a third."""
    with app.sessions.begin() as db:
        waiting = new_recording(db, new_call(db, started_at=LONG_AGO), state="expected")
        app.later.enqueue(db, "fetch_recording", waiting.id, 5, delay_s=3600)

    sweep(app)
    sweep(app)
    assert {(waiting.id, 5)} == app.later.unfinished("fetch_recording")


def test_a_call_whose_end_nobody_told_is_closed(app: App, db: Session) -> None:
    """F14: Two hours later nobody is on the line; what had been settled about the call stays."""
    with app.sessions.begin() as writing:
        lost = new_call(writing, started_at=LONG_AGO, seconds=None)
        said_goodbye = new_call(writing, started_at=LONG_AGO, seconds=None, outcome="goodbye")
        going_on = new_call(writing, started_at=JUST_NOW, seconds=None)
        over = new_call(writing, started_at=LONG_AGO, seconds=10)

    sweep(app)
    sweep(app)
    assert {"calls": 2} == swept.lately(db, datetime.now(UTC)), "each is told once"
    ended = {call.id: (call.outcome, call.ended_at is not None) for call in db.query(Call)}
    assert {
        lost.id: ("lost_track", True),
        said_goodbye.id: ("goodbye", True),
        going_on.id: (None, False),
        over.id: ("message", True),
    } == ended


def test_a_call_from_a_browser_that_is_gone_is_closed(app: App, db: Session) -> None:
    """O15: nothing has happened for ten minutes; a real carrier's calls have their two hours."""
    quiet = datetime.now(UTC) - timedelta(minutes=15)
    with app.sessions.begin() as writing:
        gone = new_call(writing, started_at=quiet, seconds=None, carrier="simulator")
        talking = new_call(writing, started_at=quiet, seconds=None, carrier="simulator")
        new_turn(writing, talking, at=datetime.now(UTC) - timedelta(minutes=2))
        real = new_call(writing, started_at=quiet, seconds=None)

    sweep(app)
    ended = {call.id: (call.outcome, call.ended_at is not None) for call in db.query(Call)}
    assert {gone.id: ("lost_track", True), talking.id: (None, False), real.id: (None, False)} == ended


def test_sweeping_a_clean_house_does_nothing(app: App) -> None:
    """An empty hotline is swept without a word."""
    sweep(app)
    assert set() == app.later.unfinished("fetch_recording")
