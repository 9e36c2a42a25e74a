"""What came while the database was away becomes what it would have been."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.jobs.drain_spool import drain_spool
from ivr.store.models import Call, Recording, Ticket
from tests.builders import CALLER, HOTLINE
from tests.conftest import ACCOUNT_SID

CALL = {"CallSid": "CA00000001", "AccountSid": ACCOUNT_SID, "From": CALLER, "To": HOTLINE}
MESSAGE = CALL | {"RecordingUrl": "https://api.twilio.com/Recordings/RE00000001", "RecordingDuration": "9"}
ENDED = CALL | {"CallStatus": "completed"}


def test_a_message_left_after_the_apology_is_a_ticket(app: App, db: Session) -> None:
    """Call, ticket and recording are there, and somebody fetches the sound."""
    app.spool.append(CALL, "failed")
    app.spool.append(MESSAGE, "message")
    drain_spool(app)

    ticket = db.scalars(select(Ticket)).one()
    assert ([CALL["CallSid"]], CALLER) == ([call.sid for call in ticket.calls], ticket.caller and ticket.caller.e164)
    (recording,) = ticket.recordings
    assert ("RE00000001", 9, "expected") == (recording.sid, recording.seconds, recording.state)
    assert {(recording.id,)} == app.later.unfinished("fetch_recording")


def test_the_same_request_kept_five_times_counts_once(app: App, db: Session) -> None:
    """The carrier repeats itself when we fail, and we may die after taking a request in."""
    for _ in range(5):
        app.spool.append(MESSAGE, "message")
    drain_spool(app)
    assert [1, 1, 1] == [db.scalar(select(func.count()).select_from(table)) for table in (Call, Ticket, Recording)]


def test_the_order_does_not_matter(app: App, db: Session) -> None:
    """F12: The end of the call, its message, its beginning."""
    for form in (ENDED, MESSAGE, CALL):
        app.spool.append(form, "failed")
    drain_spool(app)

    call = db.scalars(select(Call)).one()
    assert ("message", True) == (call.outcome, call.ended_at is not None)
    assert call.ticket is not None


def test_a_caller_who_left_no_word_is_in_the_call_log(app: App, db: Session) -> None:
    """A call without a ticket, ended when the carrier said so."""
    app.spool.append(CALL, "failed")
    app.spool.append(ENDED, "failed")
    drain_spool(app)

    call = db.scalars(select(Call)).one()
    assert ("hung_up", None) == (call.outcome, call.ticket)


def test_a_choice_that_failed_is_not_forgotten(app: App, db: Session) -> None:
    """Who pressed a key wanted something: somebody calls back."""
    app.spool.append(CALL | {"Digits": "1"}, "failed")
    drain_spool(app)
    assert ["incomplete", "community_unknown"] == db.scalars(select(Ticket)).one().flags


def test_what_is_about_no_call_of_ours_is_put_aside(app: App, db: Session) -> None:
    """A foreign account, no call: nothing is made of it."""
    app.spool.append(CALL | {"AccountSid": "ACforeign"}, "failed")
    app.spool.append({"AccountSid": ACCOUNT_SID}, "failed")
    drain_spool(app)
    assert 0 == db.scalar(select(func.count()).select_from(Call))
    assert 2 == len(list(app.spool.bad.iterdir()))
