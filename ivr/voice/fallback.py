"""When we cannot do our work: the carrier's fallback URL, and every error of a webhook. Needs no database.

What was sent goes to the spool, from which the worker makes tickets; the caller hears an apology and is recorded.
"""

from http import HTTPStatus

import structlog
from flask import Response, request
from werkzeug.exceptions import HTTPException

from ivr.app import app
from ivr.voice import twiml
from ivr.voice.replies import nothing, xml
from ivr.voice.urls import Urls
from ivr.voice.webhooks import bp

__all__ = ["bp"]  # with everything that stands here, the blueprint is whole

log = structlog.get_logger()

NO_TURNS = frozenset({"voice.status", "voice.recording_status"})


@bp.post("/fallback")
def fallback() -> Response:
    """The carrier could not reach us for a turn, or did not understand our answer."""
    app.spool.append(request.form.to_dict(), "fallback")
    return xml(_apology())


@bp.post("/fallback/message")
def fallback_message() -> Response:
    """The message that was left after the apology, or none."""
    app.spool.append(request.form.to_dict(), "message")
    return xml(twiml.last_words("apology.thanks", app.packs, app.settings.hotline_language, _urls()))


@bp.errorhandler(HTTPException)
def refused(error: HTTPException) -> HTTPException:
    """A request that is wrong by itself is no failure of ours."""
    return error


@bp.errorhandler(Exception)
def broken(error: Exception) -> Response:
    """We failed, not the caller: keep what was sent, apologise, record. Fails itself when even the disk does."""
    log.error("webhook failed", endpoint=request.endpoint, error=type(error).__name__, exc_info=error)
    if request.endpoint == "voice.whisper_answer":  # nothing is lost with it: whoever pressed 1 gets the caller
        return xml(twiml.whisper_answer(True, app.packs, app.settings.hotline_language, _urls()))
    app.spool.append(request.form.to_dict(), "failed")
    return nothing() if request.endpoint in NO_TURNS else xml(_apology())


@bp.after_app_request
def spoken(response: Response) -> Response:
    """Every error below ``/voice/`` is words, whoever noticed it: somebody may be listening."""
    if request.path.startswith("/voice/") and response.status_code >= HTTPStatus.BAD_REQUEST:
        words = twiml.last_words("refused", app.packs, app.settings.hotline_language, _urls())
        return xml(words, response.status_code)
    return response


def _apology() -> str:
    return twiml.apology(app.packs, app.settings.hotline_language, _urls())


def _urls() -> Urls:
    return Urls(app.settings.base_url)
