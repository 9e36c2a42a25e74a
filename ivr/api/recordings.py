"""``GET /api/v1/recordings/<sid>``: the sound of one message."""

from datetime import UTC, datetime
from io import BytesIO

from flask import Response, g, send_file, url_for
from pydantic import BaseModel, Field
from werkzeug.exceptions import NotFound

from ivr.api import schemas
from ivr.api.blueprint import bp, reads
from ivr.api.pagination import Sid
from ivr.app import app
from ivr.store.access import audit, rules
from ivr.store.facts.audit import Listened
from ivr.store.models import Recording
from ivr.store.reports import export

SOUND = "audio/wav"


class RecordingPath(BaseModel):
    sid: Sid = Field(description="The carrier's id of the recording")


@bp.get(
    "/recordings/<sid>",
    responses={
        200: {"description": "The whole sound", "content": {SOUND: {}}},
        206: {"description": "The part that the header Range asked for", "content": {SOUND: {}}},
        404: schemas.Problem,
        416: schemas.Problem,
    },
)
def get_recording(path: RecordingPath) -> Response:
    """A message as it was recorded; parts of it by `Range`. Every request for one is written down."""
    with app.sessions.begin() as db:
        row = export.recording(db, rules.token_sees(g.api_token), path.sid)
        if row is None or row.state != "fetched" or row.path is None:
            raise NotFound
        audit.append(db, None, Listened(row.id, token=g.api_token.id), datetime.now(UTC))
    response = send_file(BytesIO(app.audio.read(row.path)), SOUND, conditional=True, etag=row.sha256 or False)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def recording(row: Recording) -> schemas.Recording:
    """A recording as other systems see it."""
    url = None
    if row.state == "fetched" and reads("recordings"):
        url = app.settings.base_url + url_for("api.get_recording", sid=row.sid)
    return schemas.Recording(sid=row.sid, seconds=row.seconds, state=row.state, url=url)
