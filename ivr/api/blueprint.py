"""The door of the API: who may come in, and how a refusal looks."""

from typing import Any

from flask import Response, g, jsonify, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.types import SecuritySchemesDict
from pydantic import ValidationError
from werkzeug.exceptions import Unauthorized
from werkzeug.http import HTTP_STATUS_CODES

from ivr.api import schemas
from ivr.app import app
from ivr.store.people import tokens

PREFIX = "/api/v1"
SECURITY: SecuritySchemesDict = {
    "token": {"type": "http", "scheme": "bearer", "description": "Made with `flask token add NAME`"}
}

bp = APIBlueprint(
    "api",
    __name__,
    url_prefix=PREFIX,
    abp_security=[{"token": []}],
    abp_responses={401: schemas.Problem, 422: schemas.BadRequest},
)


@bp.before_request
def require_token() -> None:
    """A token in the header, never in the address: addresses are logged everywhere."""
    given = request.authorization
    if given and given.type == "bearer" and given.token:
        with app.sessions.read() as db:
            g.api_token = tokens.find(db, given.token)
        if g.api_token:
            return
    raise Unauthorized(response=_challenge())


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


def _challenge() -> Response:
    response = _problem("A valid token is needed: Authorization: Bearer …")
    response.status_code = 401
    response.headers["WWW-Authenticate"] = 'Bearer realm="hotline"'
    return response


def _problem(sentence: str) -> Response:
    return jsonify(schemas.Problem(error=sentence).model_dump())


def answer(body: Any) -> Response:
    """A schema as the response, without the fields that were not set."""
    return Response(body.model_dump_json(exclude_unset=True), mimetype="application/json")
