"""Find what got stuck: recordings that nobody fetches any more, calls that never ended."""

from datetime import UTC, datetime, timedelta

import structlog

from ivr.app import App
from ivr.carrier.account import SIMULATOR
from ivr.store.access import swept
from ivr.store.answering import handover
from ivr.store.calls import recordings, turns

log = structlog.get_logger()

EVERY_S = 60
FORGOTTEN_AFTER = timedelta(minutes=2)  # its job is queued with the announcement, so this is plenty
LONGEST_CALL = timedelta(hours=2)
# Of the browser phone, which has no carrier to tell that the line is dead; a message takes two minutes at most.
LONGEST_QUIET = timedelta(minutes=10)


def sweep(app: App) -> None:
    """What is derived from our own tables cannot be lost with a job."""
    now = datetime.now(UTC)
    with app.sessions.begin() as db:
        handover.forget(db, now)
        lost = list(turns.end_lost(db, now - LONGEST_CALL, now))
        closed = list(turns.end_quiet(db, SIMULATOR, now - LONGEST_QUIET, now))
        swept.note(db, "calls", len(lost), now)
        swept.note(db, "browsers", len(closed), now)
    for sid in lost:
        log.warning("a call never ended", call=sid)
    for sid in closed:
        log.info("the browser phone was closed in mid-call", call=sid)
    with app.sessions.read() as db:
        waiting = recordings.overdue(db, now - FORGOTTEN_AFTER)
    if not waiting:
        return
    cared_for = {ids[0] for ids in app.later.unfinished("fetch_recording")}
    for recording_id in set(waiting) - cared_for:
        log.warning("a recording was forgotten", recording=recording_id)
        tried = app.later.tried("fetch_recording", recording_id)
        with app.sessions.begin() as db:
            app.later.enqueue(db, "fetch_recording", recording_id, tried)
            swept.note(db, "recordings", 1, now)
