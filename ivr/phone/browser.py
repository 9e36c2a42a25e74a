"""How does one ring the hotline from a browser? The page, and what it may not do itself: sign, and store sound.

The page walks the verbs; a request goes through here, so that no token ever leaves the server.
"""

import json
import posixpath
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask_babel import get_locale
from werkzeug.wrappers import Response as BaseResponse

from ivr.phone import sound
from ivr.phone.leg import request_fields
from ivr.phone.line import Line
from ivr.phone.placing import Calls
from ivr.phone.recordings import Recordings, allow_sound
from ivr.phone.sound import NoSound
from ivr.phone.speech import seconds_to_say
from ivr.phone.verbs import Gather, Say, Verb

LONGEST_SAMPLE_S = 120
PLACED = "outbound-api"


def blueprint(
    line: Line, recordings: Recordings, calls: Calls, may_use: Callable[[], BaseResponse | None]
) -> Blueprint:
    """The browser phone at ``/phone/``. *may_use* answers instead of every view where it does not return None."""
    bp = Blueprint("phone", __name__, url_prefix="/phone", template_folder="templates", static_folder="static")
    bp.url_value_preprocessor(allow_sound)
    bp.before_request(may_use)

    @bp.get("/")
    def page() -> str:
        """The telephone."""
        return render_template("phone/phone.html", line=line, language=str(get_locale() or "en"))

    @bp.post("/request")
    def forward() -> Response:
        """Sign one request as the carrier would and send it; what came back, as verbs and as it was.

        ``leg``: sid, from, to, status, parent for the leg to another telephone, placed for a call of the hotline's own.
        ``callback``: nobody waits for verbs.
        """
        wanted = request.get_json()
        url, form = _ours(line, wanted["url"]), _form(line, wanted)
        if form["Direction"] == PLACED:
            calls.stands(form["CallSid"], form["CallStatus"])
        if wanted.get("callback"):
            return jsonify(ok=line.request(url, form, _method(wanted)).ok)
        fetched = line.fetch(url, form, _method(wanted))
        return jsonify(
            verbs=None if fetched.verbs is None else [described(verb) for verb in fetched.verbs],
            documents=[{"url": each.path, "ms": round(each.ms), "text": each.text} for each in fetched.exchanges],
            troubles=fetched.troubles,
        )

    @bp.get("/ringing")
    def ringing() -> Response:
        """The calls that the hotline places and nobody has picked up yet, oldest first."""
        return jsonify([asdict(each.placed) for each in reversed(calls.ringing())])

    @bp.post("/left")
    def left() -> tuple[str, int]:
        """The page was closed in mid-call: the last news of it, as a form, which a beacon can send."""
        wanted = json.loads(request.form["wanted"])
        line.request(_ours(line, wanted["url"]), _form(line, wanted), _method(wanted))
        return "", 204

    @bp.post("/recordings")
    def record() -> Response:
        """Keep the WAV file in the body, or a tone of ``?sample=`` seconds; what is said of it to the hotline."""
        sample_s = request.args.get("sample", 0, int)
        if not 0 <= sample_s <= LONGEST_SAMPLE_S:
            abort(400)
        try:
            sid, seconds = recordings.add(sound.tone(sample_s) if sample_s else request.get_data())
        except NoSound as error:
            abort(415, str(error))
        return jsonify(sid=sid, url=line.recording_url(sid), seconds=seconds)

    @bp.errorhandler(json.JSONDecodeError)
    @bp.errorhandler(KeyError)
    @bp.errorhandler(TypeError)
    @bp.errorhandler(AttributeError)
    def incomplete(error: Exception) -> tuple[str, int]:
        """The page always sends everything; whoever does not is not the page."""
        return "incomplete", 400

    return bp


def described(verb: Verb) -> dict[str, Any]:
    """A verb as JSON, under its name; a text with the words and the time it takes to say them."""
    fields: dict[str, Any] = {"verb": type(verb).__name__, **asdict(verb)}
    match verb:
        case Say():
            fields |= {"text": verb.text, "seconds": seconds_to_say(verb.parts, verb.rate)}
        case Gather():
            fields["prompts"] = [described(prompt) for prompt in verb.prompts]
    return fields


def _ours(line: Line, url: str) -> str:
    """*url* if it is one of the hotline's own webhooks; nothing else is ever signed."""
    parts, own = urlsplit(url), urlsplit(line.url(line.voice_path))
    inside = posixpath.dirname(own.path) + "/"
    if parts[:2] != own[:2] or not parts.path.startswith(inside) or posixpath.normpath(parts.path) != parts.path:
        abort(403)
    return url


def _method(wanted: Mapping[str, Any]) -> str:
    return "GET" if wanted.get("method") == "GET" else "POST"


def _form(line: Line, wanted: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a request: what the page reports, then what a carrier says of every call."""
    leg = wanted["leg"]
    fields = {str(name): str(value) for name, value in wanted.get("fields", {}).items()}
    direction = PLACED if leg.get("placed") else "inbound"
    numbers = (leg["from"], leg["to"], leg.get("parent"))
    return fields | request_fields(line, leg["sid"], leg["status"], *numbers, direction)
