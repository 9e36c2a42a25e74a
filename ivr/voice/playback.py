"""A caller's own message, played back in the call that left it: from an address that we alone can make, for minutes.

The carrier is never sent to its own address of the recording: that would take the account's credentials in the
document, or recordings that anybody can fetch who learns their address.
"""

import io
import wave
from collections.abc import Callable

import structlog
from flask import Blueprint, Response, abort, send_file
from itsdangerous import BadSignature, URLSafeTimedSerializer
from obstore.exceptions import BaseError

from ivr.app import App, app
from ivr.carrier import media
from ivr.carrier.account import named
from ivr.carrier.errors import NotGiven
from ivr.store.calls import recordings
from ivr.store.models import Take
from ivr.store.sealing import Unreadable

GOOD_FOR_S = 600  # longer than any question of a call stays open
FETCH_MAX_S = 8.0  # somebody is on the line, and the carrier waits 15 s at most
SILENCE_FRAMES = 4_000  # half a second at a telephone's 8,000 a second

MESSAGE, TAKE = "a message played back", "a sentence played back"

log = structlog.get_logger()
bp = Blueprint("playback", __name__, url_prefix="/voice")


def address(app: App, recording_id: int) -> str:
    return f"{app.settings.base_url}/voice/message/{_serializer(app).dumps(recording_id)}"


def take_address(app: App, outgoing_id: int) -> str:
    """Of a sentence that somebody records by telephone, and hears before it is kept."""
    return f"{app.settings.base_url}/voice/take/sound/{_serializer(app, TAKE).dumps(outgoing_id)}"


def _serializer(app: App, salt: str = MESSAGE) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(app.settings.cookie_key, salt=salt)


@bp.get("/message/<token>")
def message(token: str) -> Response:
    """The sound, from our store or, where the worker has not fetched it yet, from the carrier.

    A sound that cannot be had is silence: a document with an address that fails may cost the caller the line.
    """
    return _played(token, MESSAGE, _sound)


@bp.get("/take/sound/<token>")
def take_sound(token: str) -> Response:
    """What was just said, from the carrier."""
    return _played(token, TAKE, _take)


def _played(token: str, salt: str, read: Callable[[int], bytes]) -> Response:
    try:
        wanted = _serializer(app, salt).loads(token, max_age=GOOD_FOR_S)
    except BadSignature:
        abort(404)
    try:
        sound = read(wanted)
    except (NotGiven, Unreadable, OSError, BaseError) as error:
        log.warning("message not played", of=salt, id=wanted, reason=f"{type(error).__name__} {error}")
        return silence()
    return _once(sound)


def silence() -> Response:
    """Half a second of it, in the place of a sound that is not there any more."""
    return _once(_silence())


def _once(sound: bytes) -> Response:
    answer = send_file(io.BytesIO(sound), mimetype="audio/wav", etag=False)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _sound(recording_id: int) -> bytes:
    """Raises ``NotGiven``, ``Unreadable``, ``OSError`` or obstore's ``BaseError`` when it cannot be had (any more)."""
    with app.sessions.read() as db:
        kept = recordings.kept(db, recording_id)
    if kept.path:
        return app.audio.read(kept.path)
    return _fetched(kept.carrier, kept.sid)


def _take(outgoing_id: int) -> bytes:
    with app.sessions.read() as db:
        take = db.get_one(Take, outgoing_id)
        return _fetched(take.outgoing.carrier, take.recording_sid or "")


def _fetched(name: str, sid: str) -> bytes:
    carrier = named(name, app.carriers)
    if carrier is None:
        raise FileNotFoundError(f"there are no credentials for the carrier {name}")
    return media.fetch(carrier, sid, first=True, max_s=FETCH_MAX_S).data


def _silence() -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as sound:
        sound.setparams((1, 2, 8_000, SILENCE_FRAMES, "NONE", ""))
        sound.writeframes(bytes(2 * SILENCE_FRAMES))
    return written.getvalue()
