"""Whose request this is: only a carrier that knows our token may speak to us."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from flask import Request
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from ivr.carrier.account import Carrier

FORM = "application/x-www-form-urlencoded"


def form_of(request: Request) -> MultiDict[str, str]:
    """What was sent, parsed once; nothing, when it is no form.

    Broken UTF-8 counts as replacement characters, which the carrier signed and ``request.form`` does not put there.
    """
    if request.mimetype != FORM:
        return MultiDict()
    body = request.get_data().decode(errors="replace")
    return MultiDict(parse_qsl(body, keep_blank_values=True, errors="replace"))


def carrier_of(
    request: Request, form: MultiDict[str, str], base_url: str, carriers: Mapping[str, Carrier]
) -> Carrier | None:
    """The carrier that signed *request* with its *form*, or None.

    The signed URL is our public address with the raw path and query as they arrived; ``Host`` and
    ``X-Forwarded-*`` have no say. While a token is being rotated, each of a carrier's tokens is good.
    https://www.twilio.com/docs/usage/webhooks/webhooks-security
    """
    carrier = carriers.get(form.get("AccountSid", ""))
    if carrier is None:
        return None
    url = base_url + raw_path(request)
    given = request.headers.get("X-Twilio-Signature", "")
    signed = any(RequestValidator(token).validate(url, form, given) for token in carrier.tokens)
    return carrier if signed else None


def raw_path(request: Request) -> str:
    """Path and query as the client wrote them: undecoded, unmerged, in order."""
    return str(request.environ.get("RAW_URI") or request.environ["REQUEST_URI"])
