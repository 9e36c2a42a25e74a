"""Is the hotline alive, and is it fit to take calls? For load balancers and for ``flask doctor``."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Response, jsonify
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from ivr.app import app
from ivr.store import schema

MIN_FREE_BYTES = 256 * 2**20  # about 250 messages of a minute, or the time to make room

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> Response:
    """This process answers. Asks nobody else, so that a slow database never gets it restarted."""
    return jsonify(alive=True)


@bp.get("/readyz")
def ready() -> tuple[Response, int]:
    """Whether calls can be taken and kept; 503 with every reason when they cannot."""
    reasons = [*database_troubles(app.sessions.engine), *disk_troubles(app.settings.data_dir)]
    return jsonify(ready=not reasons, reasons=reasons), 503 if reasons else 200


def database_troubles(engine: Engine) -> Iterator[str]:
    """Why the database cannot be used, without a word that is none of the world's business."""
    try:
        with engine.connect() as connection:
            if not schema.is_current(connection):
                yield "The database is not up to date. Run: flask db upgrade"
    except SQLAlchemyError:
        yield "The database does not answer."


def disk_troubles(folder: Path) -> Iterator[str]:
    """Why the disk below the data folder cannot be used."""
    try:
        free_bytes = shutil.disk_usage(folder).free
    except OSError:
        yield "The data folder is gone."
        return
    if free_bytes < MIN_FREE_BYTES:
        yield f"The disk is almost full: {free_bytes >> 20} MB are left."
