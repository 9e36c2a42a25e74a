"""``GET /api/v1/recordings/<sid>``: the sound of one message."""

from datetime import UTC, datetime

import structlog
from flask import Response, g, url_for
from pydantic import BaseModel, Field
from werkzeug.exceptions import NotFound, ServiceUnavailable

from ivr import playing
from ivr.api import schemas
from ivr.api.blueprint import bp, problem, reads
from ivr.api.pagination import Sid
from ivr.app import app
from ivr.store.access import audit, rules
from ivr.store.facts.audit import Listened
from ivr.store.models import Recording
from ivr.store.reports import export
from ivr.store.sealing import Unreadable

SOUND = "audio/wav"
LOCKED = "This recording cannot be opened: its key is lost, or it is damaged. The operator's: flask keys check"

log = structlog.get_logger()


class RecordingPath(BaseModel):
    sid: Sid = Field(description="The carrier's id of the recording")


@bp.get(
    "/recordings/<sid>",
    responses={
        200: {"description": "The whole sound", "content": {SOUND: {}}},
        206: {"description": "The part that the header Range asked for", "content": {SOUND: {}}},
        404: schemas.Problem,
        416: schemas.Problem,
        503: schemas.Problem,
    },
)
def get_recording(path: RecordingPath) -> Response:
    """A message as it was recorded; parts of it by `Range`. Every request for one is written down."""
    with app.sessions.begin() as db:
        row = export.recording(db, rules.token_sees(g.api_token), path.sid)
        if row is None or row.state != "fetched" or row.path is None:
            raise NotFound
        audit.append(db, None, Listened(row.id, token=g.api_token.id), datetime.now(UTC))
    try:
        return playing.sound(app.audio, row.path, SOUND, row.sha256)
    except FileNotFoundError:
        raise NotFound from None
    except Unreadable as error:
        log.error("a recording cannot be opened", recording=row.id, reason=str(error))
        raise ServiceUnavailable(response=problem(503, LOCKED)) from None


def recording(row: Recording) -> schemas.Recording:
    """A recording as other systems see it."""
    url = None
    if row.state == "fetched" and reads("recordings"):
        url = app.settings.base_url + url_for("api.get_recording", sid=row.sid)
    return schemas.Recording(sid=row.sid, seconds=row.seconds, state=row.state, url=url)
