"""A message's sound as an answer: all of it or the part that a player asks for, opened piece by piece."""

from io import BufferedReader

from flask import Response, request
from werkzeug.wsgi import wrap_file

from ivr.store.files.audio import AudioStore

PIECE_BYTES = 64 * 2**10


def sound(store: AudioStore, name: str, mimetype: str, etag: str | None = None) -> Response:
    """The file of that name (200), or a part of it (206; 416 when there is no such part); kept by nobody on the way.

    Raises ``FileNotFoundError`` when there is none, and ``Unreadable`` when it cannot be opened. One that is damaged
    further on breaks off there: the player knows how long it should have been.
    """
    file = store.open(name)
    file.read(1)
    file.seek(0)
    pieces = wrap_file(request.environ, BufferedReader(file, PIECE_BYTES), PIECE_BYTES)
    answer = Response(pieces, mimetype=mimetype, direct_passthrough=True)
    answer.content_length = file.size
    if etag:
        answer.set_etag(etag)
    answer.make_conditional(request.environ, accept_ranges=True, complete_length=file.size)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
