"""Listening to a recording: seekable, never kept by the browser, every listening in the audit and in the history."""

from pathlib import PurePath

import structlog
from flask import abort
from werkzeug.wrappers import Response

from ivr import playing
from ivr.app import app
from ivr.desk.shell.guard import ID, allow, bp, me, now
from ivr.store.access import audit, rules
from ivr.store.facts.audit import Listened
from ivr.store.sealing import Unreadable
from ivr.store.tickets import listening

log = structlog.get_logger()

# Whatever was fetched, it is served as sound and as nothing else.
TYPES = {".wav": "audio/wav", ".mp3": "audio/mpeg"}


@bp.get(f"/recordings/<{ID}:recording_id>")
@allow("listen")
def listen(recording_id: int) -> Response:
    """The sound, or the part of it that the player asks for (206; 416 when there is no such part).

    One that is sealed with a key we do not have, or damaged, is 503: its page says whom to tell.
    """
    with app.sessions.read() as db:
        recording = rules.recording(db, me(), recording_id)
        known = audit.just_did(db, me(), Listened(recording_id), now())
    if recording.state == "purged":
        abort(410)
    if recording.state != "fetched" or recording.path is None:
        abort(404)
    kind = TYPES.get(PurePath(recording.path).suffix, "audio/wav")
    try:
        answer = playing.sound(app.audio, recording.path, kind)
    except FileNotFoundError:
        abort(404)
    except Unreadable as error:
        log.error("a recording cannot be opened", recording=recording_id, reason=str(error))
        abort(503)
    if not known:
        with app.sessions.begin() as db:
            listening.heard(db, me(), rules.recording(db, me(), recording_id), now())
    return answer
