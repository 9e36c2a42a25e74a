"""The door of the API: who may come in, and how a refusal looks."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

import structlog
from flask import Response, g, jsonify, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.types import SecuritySchemesDict
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import Forbidden, TooManyRequests, Unauthorized
from werkzeug.http import HTTP_STATUS_CODES

from ivr.api import schemas
from ivr.app import app
from ivr.store import readiness
from ivr.store.access import audit
from ivr.store.facts.audit import ApiRead
from ivr.store.models import ApiToken, Call, Ticket
from ivr.store.people import tokens
from ivr.words.troubles import said

log = structlog.get_logger()

PREFIX = "/api/v1"
NOTICED = timedelta(minutes=1)
AGAIN_S = "60"
NONE: Mapping[str, str] = MappingProxyType({})
SECURITY: SecuritySchemesDict = {
    "token": {"type": "http", "scheme": "bearer", "description": "Made with `flask token add NAME`"}
}

bp = APIBlueprint(
    "api",
    __name__,
    url_prefix=PREFIX,
    abp_security=[{"token": []}],
    abp_responses={
        401: schemas.Problem,
        403: schemas.Problem,
        422: schemas.BadRequest,
        429: schemas.Problem,
        503: schemas.Problem,
    },
)


# What a token must be allowed for each of our addresses; one that is not here is refused to everybody.
SCOPE_OF = {"api.list_tickets": "tickets", "api.list_calls": "calls", "api.get_recording": "recordings"}


@bp.before_request
def require_token() -> None:
    """A token in the header, never in the address: addresses are logged everywhere."""
    g.api_token = token = _token(datetime.now(UTC))
    if app.pace.too_often(token, datetime.now(UTC)):
        raise TooManyRequests(response=problem(429, "Too many requests: wait a minute.", {"Retry-After": "60"}))
    if not reads(SCOPE_OF.get(request.endpoint or "", "")):
        raise Forbidden(response=problem(403, "This token is not for that."))


def reads(scope: str) -> bool:
    """Whether the token that came is for this."""
    return scope in g.api_token.scopes


def note_read(kind: str, rows: Sequence[Ticket | Call]) -> None:
    """Write down that the token's system was given these; inside a look at the database, so it is done afterwards."""
    if rows:
        ids = [row.id for row in rows]
        g.setdefault("api_reads", []).append(ApiRead(g.api_token.id, kind, min(ids), max(ids), len(ids)))


@bp.after_request
def write_down(response: Response) -> Response:
    """What was given; what cannot be written down is not given."""
    try:
        for deed in g.pop("api_reads", ()):
            with app.sessions.begin() as db:
                audit.append(db, None, deed, datetime.now(UTC))
    except SQLAlchemyError as error:
        return without_database(error)
    return response


@bp.errorhandler(SQLAlchemyError)
def without_database(error: SQLAlchemyError) -> Response:
    """503 and the cause; a fault of ours is handed on."""
    trouble = readiness.why(app.sessions.engine, error)
    if trouble is None:
        raise error
    log.warning("no answer without the database", endpoint=request.endpoint, trouble=trouble.kind)
    return problem(503, next(said([trouble])), {"Retry-After": AGAIN_S})


def _token(now: datetime) -> ApiToken:
    """Whose request it is; once a minute it is written down that the token was used."""
    given = request.authorization
    if given and given.type == "bearer" and given.token:
        with app.sessions.read() as db:
            token = tokens.find(db, given.token, now)
        if token:
            if token.used_at is None or now - token.used_at >= NOTICED:
                with app.sessions.begin() as db:
                    tokens.notice(db, token, now)
            return token
    app.refusals.note(app.sessions, "token", now)
    challenge = {"WWW-Authenticate": 'Bearer realm="hotline"'}
    raise Unauthorized(response=problem(401, "A valid token is needed: Authorization: Bearer …", challenge))


def bad_request(error: ValidationError) -> Response:
    """422 with every parameter that cannot be used; what was sent is not said back."""
    reasons: dict[str, str] = {}
    for each in error.errors(include_url=False, include_input=False, include_context=False):
        reasons.setdefault(str(each["loc"][0]), each["msg"])
    bad = [schemas.BadParameter(name=name, reason=reason) for name, reason in reasons.items()]
    response = jsonify(schemas.BadRequest(error="These parameters cannot be used.", parameters=bad).model_dump())
    response.status_code = 422
    return response


def speak_json(response: Response) -> Response:
    """Whatever went wrong below ``/api/``, and whoever noticed: a program reads the answer, so it is JSON."""
    if request.path.startswith("/api/") and response.status_code >= 400 and not response.is_json:
        response.set_data(_problem(HTTP_STATUS_CODES.get(response.status_code, "Error")).get_data())
        response.mimetype = "application/json"
    return response


def problem(code: int, sentence: str, headers: Mapping[str, str] = NONE) -> Response:
    """An answer that is none, and why."""
    response = _problem(sentence)
    response.status_code = code
    response.headers.update(headers)
    return response


def _problem(sentence: str) -> Response:
    return jsonify(schemas.Problem(error=sentence).model_dump())


def answer(body: Any) -> Response:
    """A schema as the response, without the fields that were not set."""
    return Response(body.model_dump_json(exclude_unset=True), mimetype="application/json")
