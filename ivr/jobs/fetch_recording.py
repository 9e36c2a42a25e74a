"""Fetch one recording from the carrier that made it, and keep it."""

import hashlib
from datetime import UTC, datetime

import structlog
from obstore.exceptions import BaseError

from ivr.app import App
from ivr.carrier import media
from ivr.carrier.account import named
from ivr.carrier.errors import Damaged, NotGiven, Refused
from ivr.carrier.media import Sound
from ivr.store.calls import recordings
from ivr.store.models.recording import ABSENT
from ivr.store.outbox import PATIENT

log = structlog.get_logger()

# After the n-th failure we wait so long, and the last wait again and again. Twilio's files may appear seconds after
# their announcement; what takes longer is an outage.
WAITS_S = (5, 15, 45, 120, 300, 600, 1200, 2400, 3600)
# Four hours and a half, then the carrier is believed: there is none, or none that can be played. What is shorter than
# it said is asked for twice more; what it then has is all there is.
TRIES = {"not_ready": 12, "damaged": 12, "short": 3}
SHORT_BY_S = 2  # a carrier tells whole seconds, and rounds them its own way
TRIES_WHEN_BROKEN = 80  # three days: credentials, disks and carriers get mended


def fetch_recording(app: App, recording_id: int, failures: int = 0) -> None:
    """One attempt; a failed one puts the next into the queue, until the recording is given up as missing."""
    with app.sessions.read() as db:
        recording = recordings.wanted(db, recording_id)
        if recording is None:
            return
        sid, carrier, told_s = recording.sid, recording.call.carrier, recording.seconds
        folder = f"{recording.announced_at:%Y/%m}"
    try:
        sound = _fetch(app, carrier, sid, first=not failures)
        short = sound.measured.seconds + SHORT_BY_S < (told_s or 0)
        if short and failures + 1 < TRIES["short"]:
            raise Damaged(f"{sound.measured.seconds:.0f} s of {told_s} s")
        path = f"{folder}/{recording_id}{sound.measured.suffix}"
        app.audio.put(path, sound.data)
    except NotGiven as error:
        _failed(app, recording_id, failures + 1, error.trouble, str(error))
    except (BaseError, OSError) as error:
        _failed(app, recording_id, failures + 1, "storage", type(error).__name__)
    else:
        digest = hashlib.sha256(sound.data).hexdigest()
        with app.sessions.begin() as db:
            if recording := recordings.wanted(db, recording_id):
                recording.seconds = round(sound.measured.seconds) if told_s is None else told_s
                recordings.arrived(
                    db, recording, path=path, size=len(sound.data), sha256=digest, now=datetime.now(UTC), short=short
                )


def _fetch(app: App, name: str, sid: str, *, first: bool) -> Sound:
    carrier = named(name, app.carriers)
    if carrier is None:
        raise Refused(f"there are no credentials for the carrier {name}")
    return media.fetch(carrier, sid, first=first)


def _failed(app: App, recording_id: int, failures: int, trouble: str, reason: str) -> None:
    """Say what is wrong where staff can see it, and try again later or never."""
    log.warning("recording not fetched", recording=recording_id, failures=failures, trouble=trouble, reason=reason)
    with app.sessions.begin() as db:
        recording = recordings.wanted(db, recording_id)
        if recording is None or recording.trouble == ABSENT:
            return
        if failures >= TRIES.get(trouble, TRIES_WHEN_BROKEN):
            recordings.missing(db, recording, trouble, datetime.now(UTC))
            return
        recording.trouble = trouble
        wait_s = WAITS_S[min(failures, len(WAITS_S)) - 1]
        app.later.enqueue(db, "fetch_recording", recording_id, failures, delay_s=wait_s, lane=PATIENT)
