"""Is the hotline alive, and is it fit to take calls? For load balancers and for ``flask doctor``."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from ivr.app import app
from ivr.store import condition, readiness
from ivr.words.troubles import said

bp = Blueprint("health", __name__)

# What keeps no call from being taken, but from being helped.
LACKS = {
    "carrier": "The carrier's lists cannot be compared with ours: what it alone knows of is missing. Run: flask doctor",
    "store": "Recordings cannot be put where they are kept.",
    "keys": "Something is sealed with a key that HOTLINE_KEYS lacks, is damaged or gone. Run: flask keys check",
    "worker": "No worker gives a sign: messages are not fetched and nobody is notified. Run: flask worker",
    "helpers": "Nobody can log in who sees tickets. Run: flask staff add",
    "supervisor": "There is no supervisor with a password that they alone have read. Run: flask staff add",
    "directory": "No community is known. Run: flask directory import",
    "sample": "The directory is the sample's, with telephone numbers that are made up. Run: flask directory import",
    "answers": "Nobody is ever rung: callers who ask for a person leave a message. Run: flask duty set",
    "told": "Nobody is notified of a ticket: set up a channel at the desk, under Notices.",
    "hours": "Nobody has said when somebody is there; the first hours apply. Run: flask hours set",
}


@bp.get("/healthz")
def alive() -> Response:
    """This process answers. Asks nobody else, so that a slow database never gets it restarted."""
    return jsonify(alive=True)


@bp.get("/readyz")
def ready() -> tuple[Response, int]:
    """Whether calls can be taken and kept; 503 with every reason when they cannot.

    ``warnings``: what keeps callers from being helped afterwards. It is no reason to send the calls elsewhere.
    """
    engine, folder = app.sessions.engine, app.settings.data_dir
    found = (readiness.database(engine), readiness.damage(engine, folder), readiness.disk(folder))
    reasons = [sentence for troubles in found for sentence in said(troubles)]
    return jsonify(ready=not reasons, reasons=reasons, warnings=list(warnings())), 503 if reasons else 200


def warnings() -> Iterator[str]:
    """What is lacking, as far as the database can be asked."""
    yield from said(readiness.ahead(app.sessions.engine))
    yield from said(readiness.left_lying(app.spool, time.time()))
    yield from said(readiness.backup(app.settings.data_dir, time.time()))
    try:
        with app.sessions.read() as db:
            yield from [LACKS[each] for each in condition.lacking(db, datetime.now(UTC))]
    except SQLAlchemyError:
        return
