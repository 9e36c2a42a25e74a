"""Recordings of what the line says, for the carrier: fetched without a signature, since our own prompts are no secret.

A name changes with its content, so it may be kept for ever, and nobody guesses that of a draft.
"""

import re
from io import BytesIO

import structlog
from flask import Blueprint, Response, abort, send_file
from sqlalchemy.exc import SQLAlchemyError

from ivr.app import app
from ivr.line import DESK
from ivr.store.line import clips
from ivr.voice.playback import silence

FOR_EVER_S = 31_536_000
NAME = re.compile(r"([0-9a-f]{32})\.wav")

log = structlog.get_logger()
bp = Blueprint("clips", __name__, url_prefix="/voice")


@bp.get("/audio/<language>/<name>")
def clip(language: str, name: str) -> Response:
    """One that came with a pack; silence where its file went away after it was offered."""
    pack = app.packs.get(language)
    known = (*pack.clips.values(), *pack.slow_clips.values()) if pack else ()
    file = next((each.file for each in known if each.name == f"{language}/{name}"), None)
    if file is None:
        abort(404)
    if not file.is_file():
        log.error("clip_not_played", clip=name)
        return silence()
    return send_file(file, max_age=FOR_EVER_S)


@bp.get(f"/audio/{DESK}/<name>")
def made(name: str) -> Response:
    """One that was made at the desk: its file, or the database where that is gone.

    What is nowhere any more is silence: a document with an address that fails may cost the caller the line.
    """
    if not (named := NAME.fullmatch(name)):
        abort(404)
    file = app.line.folder.path(named[1])
    if file.is_file():
        return send_file(file, max_age=FOR_EVER_S)
    if sound := _kept(named[1]):
        return send_file(BytesIO(sound), mimetype="audio/wav", max_age=FOR_EVER_S)
    log.error("clip_not_played", clip=named[1])
    return silence()


def _kept(digest: str) -> bytes | None:
    try:
        with app.sessions.read() as db:
            return clips.sound(db, digest)
    except SQLAlchemyError as error:
        log.warning("clip_not_looked_up", clip=digest, error=type(error).__name__)
        return None
