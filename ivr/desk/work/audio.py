"""Listening to a recording: seekable, never kept by the browser, every listening in the audit and in the history."""

from io import BytesIO
from pathlib import PurePath

from flask import abort, send_file
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.shell.guard import ID, allow, bp, me, now
from ivr.store.access import audit, rules
from ivr.store.facts.audit import Listened
from ivr.store.tickets import listening

# Whatever was fetched, it is served as sound and as nothing else.
TYPES = {".wav": "audio/wav", ".mp3": "audio/mpeg"}


@bp.get(f"/recordings/<{ID}:recording_id>")
@allow("listen")
def listen(recording_id: int) -> Response:
    """The sound, or the part of it that the player asks for (206; 416 when there is no such part)."""
    with app.sessions.read() as db:
        recording = rules.recording(db, me(), recording_id)
        known = audit.just_did(db, me(), Listened(recording_id), now())
    if recording.state == "purged":
        abort(410)
    if recording.state != "fetched" or recording.path is None:
        abort(404)
    try:
        sound = app.audio.read(recording.path)
    except FileNotFoundError:
        abort(404)
    if not known:
        with app.sessions.begin() as db:
            listening.heard(db, me(), rules.recording(db, me(), recording_id), now())
    kind = TYPES.get(PurePath(recording.path).suffix, "audio/wav")
    answer = send_file(BytesIO(sound), mimetype=kind, conditional=True, etag=False)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
