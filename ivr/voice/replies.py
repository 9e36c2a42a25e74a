"""The two shapes of an answer to a carrier."""

from flask import Response


def xml(document: str, status: int = 200) -> Response:
    """A TwiML document. A wrong content type would be read aloud to the caller."""
    return Response(document, status, content_type="text/xml; charset=utf-8")


def nothing() -> Response:
    """The answer to a callback that is no turn of the call."""
    return Response(status=204)
