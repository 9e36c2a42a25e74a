"""Where do a fake phone's recordings lie? A stand-in for the carrier's recordings API, files in a folder.

    PUT, GET, DELETE /phone/carrier/2010-04-01/Accounts/<account>/Recordings/<recording>.wav
    GET              …/<recording>.json

with HTTP Basic authentication, as https://www.twilio.com/docs/voice/api/recording has it; only PUT is our own.
"""

import hmac
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request
from werkzeug.exceptions import Unauthorized

from ivr.phone.leg import new_sid
from ivr.phone.line import API_VERSION
from ivr.phone.sound import NoSound, seconds_of

URL_PREFIX = "/phone/carrier"
MAX_BYTES = 16 * 2**20
SID = re.compile(r"RE[0-9a-f]{32}")


class Recordings:
    """WAV files by their SIDs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sid: str) -> Path:
        """Raises ``KeyError`` for what is no recording's SID: nothing else ever becomes a file name."""
        if not SID.fullmatch(sid):
            raise KeyError(sid)
        return self.folder / f"{sid}.wav"

    def put(self, sid: str, wav: bytes) -> int:
        """Keep a recording, whole or not at all; its length in seconds. Raises ``NoSound``, ``KeyError``."""
        path, seconds = self.path(sid), seconds_of(wav)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
            file.write(wav)
        os.replace(file.name, path)
        return seconds

    def add(self, wav: bytes) -> tuple[str, int]:
        """Keep a recording under a SID of its own; the SID and its length in seconds. Raises ``NoSound``."""
        sid = new_sid("RE")
        return sid, self.put(sid, wav)


def allow_sound(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Accept bodies of a recording's size: said before anything looks at the body, other checks included."""
    request.max_content_length = MAX_BYTES


def blueprint(account_sid: str, auth_token: str, recordings: Recordings) -> Blueprint:
    """The API of one account. Its requests carry a password, so the application exempts it from CSRF."""
    bp = Blueprint("carrier", __name__, url_prefix=f"{URL_PREFIX}/{API_VERSION}/Accounts/<account>")

    bp.url_value_preprocessor(allow_sound)

    @bp.before_request
    def only_the_account() -> None:
        login = request.authorization
        given = f"{login.username}:{login.password}" if login and login.type == "basic" else ""
        if not hmac.compare_digest(given.encode(), f"{account_sid}:{auth_token}".encode()):
            raise Unauthorized(response=Response(status=401, headers={"WWW-Authenticate": 'Basic realm="Twilio API"'}))
        if (request.view_args or {}).get("account") != account_sid:
            abort(404)

    def found(sid: str) -> Path:
        try:
            path = recordings.path(sid)
        except KeyError:
            abort(404)
        return path if path.is_file() else abort(404)

    @bp.put("/Recordings/<sid>.wav")
    def put(account: str, sid: str) -> Response:
        try:
            recordings.put(sid, request.get_data())
        except KeyError:
            abort(404)
        except NoSound as error:
            abort(415, str(error))
        return Response(status=201)

    @bp.get("/Recordings/<sid>.wav")
    def get(account: str, sid: str) -> Response:
        return Response(found(sid).read_bytes(), mimetype="audio/x-wav")

    @bp.get("/Recordings/<sid>.json")
    def describe(account: str, sid: str) -> Response:
        seconds = seconds_of(found(sid).read_bytes())
        return jsonify(
            sid=sid, account_sid=account, duration=str(seconds), status="completed", channels=1, source="RecordVerb"
        )

    @bp.delete("/Recordings/<sid>.wav")
    @bp.delete("/Recordings/<sid>.json")
    def delete(account: str, sid: str) -> Response:
        found(sid).unlink()
        return Response(status=204)

    return bp
