"""When we cannot do our work: the carrier's fallback URL, and every error of a webhook. Needs no database.

What was sent goes to the spool, from which the worker makes tickets; the caller hears an apology and is recorded. What
was said is understood all the same: words of danger get the number to dial at once.
"""

import re
from http import HTTPStatus

import structlog
from flask import Response, g, request
from werkzeug.exceptions import HTTPException

from ivr.app import app
from ivr.flow.types import Say, Speech
from ivr.voice import automatic, callback, take, transfer, twiml
from ivr.voice.hearing import hear
from ivr.voice.replies import nothing, xml
from ivr.voice.urls import Urls
from ivr.voice.webhooks import bp

__all__ = ["bp", "take"]  # with everything that stands here, the blueprint is whole

log = structlog.get_logger()

TURN = re.compile(r"/voice/turn/(\d{1,4})")  # in the address that the carrier could not reach
LEGS = frozenset({"voice.whisper", "voice.whisper_answer", "voice.rung_status"})  # to who was rung for a call
PLACED = ("voice.callback", "voice.take", "voice.contact")  # and of calls that we placed ourselves
AUTOMATIC = "voice.automatic"
TRANSFERS = frozenset({"voice.transfer_next", "voice.transfer_left"})
NO_TURNS = frozenset({"voice.status", "voice.recording_status", "voice.placed"})


@bp.post("/fallback")
def fallback() -> Response:
    """The carrier could not reach us for a turn, or did not understand our answer."""
    failed = TURN.search(g.form.get("ErrorUrl", ""))
    app.spool.append(g.form.to_dict(), "fallback", int(failed[1]) if failed else None)
    return xml(_apology())


@bp.post("/fallback/message")
def fallback_message() -> Response:
    """The message that was left after the apology, or none."""
    app.spool.append(g.form.to_dict(), "message")
    return xml(twiml.last_words("apology.thanks", app.line.line.packs, app.settings.hotline_language, _urls()))


@bp.errorhandler(HTTPException)
def refused(error: HTTPException) -> HTTPException:
    """A request that is wrong by itself is no failure of ours."""
    return error


@bp.errorhandler(Exception)
def broken(error: Exception) -> Response:
    """We failed, not the caller: keep what was sent, apologise, record. Fails itself when even the disk does."""
    log.error("webhook failed", endpoint=request.endpoint, error=type(error).__name__, exc_info=error)
    if request.endpoint in LEGS:
        return _other_leg()
    if (request.endpoint or "").startswith(PLACED):
        return callback.sorry((request.view_args or {}).get("outgoing", 0))
    if request.endpoint in TRANSFERS:
        return transfer.again(**{"asked": 0, **(request.view_args or {})})
    if request.endpoint == "voice.automatic_recording":
        return Response(status=HTTPStatus.SERVICE_UNAVAILABLE)  # the carrier tells it again
    if (request.endpoint or "").startswith(AUTOMATIC):
        return automatic.sorry(_danger())
    app.spool.append(g.form.to_dict(), "failed", _turn())
    g.outcome = "spooled"
    return nothing() if request.endpoint in NO_TURNS else xml(_apology())


@bp.after_app_request
def spoken(response: Response) -> Response:
    """Every error below ``/voice/`` is words, whoever noticed it: somebody may be listening."""
    if request.path.startswith("/voice/") and response.status_code >= HTTPStatus.BAD_REQUEST:
        words = twiml.last_words("refused", app.packs, app.settings.hotline_language, _urls())
        return xml(words, response.status_code)
    return response


def _other_leg() -> Response:
    """Nothing is lost with it: whoever answers is asked, and whoever pressed 1 gets the caller."""
    language, ring = app.settings.hotline_language, (request.view_args or {}).get("ring", 0)
    match request.endpoint:
        case "voice.whisper":
            return xml(twiml.whisper(ring, (), app.line.line.packs, language, _urls()))
        case "voice.whisper_answer":
            accepted = g.form.get("Digits") == "1"
            return xml(twiml.whisper_answer(accepted, app.line.line.packs, language, _urls()))
    return nothing()


def _turn() -> int | None:
    """Which turn of the call the request was about, so that it can be answered once more."""
    if request.endpoint == "voice.incoming":
        return 0
    return (request.view_args or {}).get("n")


def _apology() -> str:
    return twiml.apology(app.line.line.packs, app.settings.hotline_language, _urls(), _danger())


def _danger() -> Say | None:
    """What to do about an emergency that was spoken of; in any language, for the call's own cannot be asked now."""
    match hear(g.form, taken=False):
        case Speech(text):
            made = app.line.line
            for pack in made.roots:
                if danger := made.reader(pack.language, app.settings.hotline_region).read(text).emergency:
                    return Say("emergency.call", {"number": danger.number}, pack.language)
    return None


def _urls() -> Urls:
    return Urls(app.settings.base_url)
