"""A browser in which somebody has logged in before: a signed cookie says so, and nothing else."""

import secrets

from flask import request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.store.people.throttle import Source

KNOWN_FOR_S = 180 * 24 * 3600
MAX_PEOPLE = 50  # who share one computer


def source() -> Source:
    """Where this request comes from. A cookie that is not ours, or too old, is none."""
    address = request.remote_addr or ""
    try:
        device, people = _signer().loads(request.cookies.get(_name(), ""), max_age=KNOWN_FOR_S)
    except BadData:
        return Source(address)
    return Source(address, device, frozenset(people))


def remember(answer: Response, person_id: int) -> None:
    """From now on this browser is known for them, too."""
    known = source()
    others = sorted(known.people - {person_id})[: MAX_PEOPLE - 1]
    cookie = _signer().dumps([known.device or secrets.token_urlsafe(16), [person_id, *others]])
    answer.set_cookie(
        _name(),
        str(cookie),
        max_age=KNOWN_FOR_S,
        secure=app.settings.is_public,
        httponly=True,
        samesite="Strict",
    )


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(app.settings.cookie_key, salt="device")


def _name() -> str:
    return "__Host-hotline-device" if app.settings.is_public else "hotline-device"
