"""Fetch one recording from the carrier that made it, and keep it."""

import hashlib
from datetime import UTC, datetime

import structlog
from obstore.exceptions import BaseError

from ivr.app import App
from ivr.carrier import media
from ivr.carrier.account import named
from ivr.carrier.errors import NotGiven, Refused
from ivr.store.calls import recordings

log = structlog.get_logger()

# After the n-th failure we wait so long, and the last wait again and again. Twilio's files may appear seconds after
# their announcement; what takes longer is an outage.
WAITS_S = (5, 15, 45, 120, 300, 600, 1200, 2400, 3600)
TRIES = {"not_ready": 12}  # four hours and a half, then the carrier's "there is none" is believed
TRIES_WHEN_BROKEN = 80  # three days: credentials, disks and carriers get mended


def fetch_recording(app: App, recording_id: int, failures: int = 0) -> None:
    """One attempt; a failed one puts the next into the queue, until the recording is given up as missing."""
    with app.sessions.read() as db:
        recording = recordings.expected(db, recording_id)
        if recording is None:
            return
        sid, carrier, announced_at = recording.sid, recording.call.carrier, recording.announced_at
    path = f"{announced_at:%Y/%m}/{recording_id}.wav"
    try:
        sound = _fetch(app, carrier, sid)
        app.audio.put(path, sound)
    except NotGiven as error:
        _failed(app, recording_id, failures + 1, error.trouble, str(error))
    except (BaseError, OSError) as error:
        _failed(app, recording_id, failures + 1, "storage", type(error).__name__)
    else:
        digest = hashlib.sha256(sound).hexdigest()
        with app.sessions.begin() as db:
            if recording := recordings.expected(db, recording_id):
                recordings.arrived(db, recording, path=path, size=len(sound), sha256=digest, now=datetime.now(UTC))


def _fetch(app: App, name: str, sid: str) -> bytes:
    carrier = named(name, app.carriers)
    if carrier is None:
        raise Refused(f"there are no credentials for the carrier {name}")
    return media.fetch(carrier, sid)


def _failed(app: App, recording_id: int, failures: int, trouble: str, reason: str) -> None:
    """Say what is wrong where staff can see it, and try again later or never."""
    log.warning("recording not fetched", recording=recording_id, failures=failures, trouble=trouble, reason=reason)
    with app.sessions.begin() as db:
        recording = recordings.expected(db, recording_id)
        if recording is None:
            return
        if failures >= TRIES.get(trouble, TRIES_WHEN_BROKEN):
            recordings.missing(db, recording, trouble, datetime.now(UTC))
            return
        recording.trouble = trouble
        wait_s = WAITS_S[min(failures, len(WAITS_S)) - 1]
        app.later.enqueue(db, "fetch_recording", recording_id, failures, delay_s=wait_s)
