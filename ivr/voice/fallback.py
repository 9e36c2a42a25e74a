"""When we cannot do our work: the carrier's fallback URL, and every error of a webhook. Needs no database.

What was sent goes to the spool, from which the worker makes tickets; the caller hears an apology and is recorded.
"""

import structlog
from flask import Response, request
from werkzeug.exceptions import HTTPException

from ivr.app import app
from ivr.voice import twiml
from ivr.voice.replies import nothing, xml
from ivr.voice.urls import Urls
from ivr.voice.webhooks import bp

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
def refused(error: HTTPException) -> Response:
    """A request that is wrong by itself: its status, with words in case a caller hears it."""
    return xml(twiml.last_words("refused", app.packs, app.settings.hotline_language, _urls()), error.code or 500)


@bp.errorhandler(Exception)
def broken(error: Exception) -> Response:
    """We failed, not the caller: keep what was sent, apologise, record. Fails itself when even the disk does."""
    log.error("webhook failed", endpoint=request.endpoint, error=type(error).__name__, exc_info=error)
    app.spool.append(request.form.to_dict(), "failed")
    return nothing() if request.endpoint in NO_TURNS else xml(_apology())


def _apology() -> str:
    return twiml.apology(app.packs, app.settings.hotline_language, _urls())


def _urls() -> Urls:
    return Urls(app.settings.base_url)
