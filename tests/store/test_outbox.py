"""A job exists exactly when the transaction that made it necessary was kept."""

import pytest
from sqlalchemy import text

from ivr.app import App
from ivr.store.session import Sessions
from tests.builders import new_ticket


def test_a_job_is_kept_with_its_transaction(app: App, sessions: Sessions) -> None:
    """What was committed is waiting for the worker, under its ids."""
    with sessions.begin() as db:
        app.later.enqueue(db, "fetch_recording", 7)
        app.later.enqueue(db, "fetch_recording", 8, 2, delay_s=60)
        app.later.enqueue(db, "tell_staff", 7)

    assert {(7,), (8, 2)} == app.later.unfinished("fetch_recording")
    assert {(7,)} == app.later.unfinished("tell_staff")


def test_a_transaction_that_failed_leaves_no_job(app: App, sessions: Sessions) -> None:
    """A ticket that was not kept sends nobody."""

    def fail_half_way() -> None:
        with sessions.begin() as db:
            new_ticket(db)
            app.later.enqueue(db, "fetch_recording", 7)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert set() == app.later.unfinished("fetch_recording")


def test_the_same_job_is_queued_once(app: App, sessions: Sessions) -> None:
    """Webhooks repeat themselves, within a transaction and later; a job does not."""
    for _ in range(2):
        with sessions.begin() as db:
            app.later.enqueue(db, "fetch_recording", 7)
            app.later.enqueue(db, "fetch_recording", 7)

    assert 1 == app.later.tried("fetch_recording", 7)


def test_jobs_are_counted_by_their_first_id(app: App, sessions: Sessions) -> None:
    """Trying again is another job of the same recording; 71 is not 7."""
    with sessions.begin() as db:
        app.later.enqueue(db, "fetch_recording", 7)
        app.later.enqueue(db, "fetch_recording", 7, 1)
        app.later.enqueue(db, "fetch_recording", 71)

    assert (2, 1, 0) == tuple(app.later.tried("fetch_recording", each) for each in (7, 71, 1))


def test_the_queue_leaves_the_rest_of_the_transaction_alone(app: App, sessions: Sessions) -> None:
    """The queue's own schema (PostgreSQL) is no other statement's affair."""
    with sessions.begin() as db:
        app.later.enqueue(db, "fetch_recording", 7)
        ticket = new_ticket(db)
        assert 1 == db.scalar(text("SELECT count(*) FROM tickets WHERE id = :id"), {"id": ticket.id})


def fail(app: App, *names: str) -> None:
    """As DBOS leaves a job whose function raised."""
    with app.sessions.begin() as db:
        table = "dbos.workflow_status" if db.get_bind().dialect.name == "postgresql" else "workflow_status"
        end = f"UPDATE {table} SET status = 'ERROR', error = 'x', completed_at = 1"  # noqa: S608 - one of two names
        failed = text(f"{end} WHERE workflow_uuid = :id")
        for name in names:
            db.execute(failed, {"id": name})


def test_a_dead_job_is_shown_and_queued_again_as_it_was(app: App, sessions: Sessions) -> None:
    """Once: what waits or is done by now is left alone."""
    with sessions.begin() as db:
        app.later.enqueue(db, "fetch_recording", 7, 2)
        app.later.enqueue(db, "fetch_recording", 8)
    fail(app, "fetch_recording:7:2")

    assert [("fetch_recording:7:2", "fetch_recording", (7, 2))] == [each[:3] for each in app.later.dead()]
    with sessions.begin() as db:
        assert 1 == app.later.try_again(db, ["fetch_recording:7:2", "fetch_recording:8"])
        assert 0 == app.later.try_again(db, ["fetch_recording:7:2"])
    assert [] == app.later.dead()
    assert {(7, 2), (8,)} == app.later.unfinished("fetch_recording")
