"""A carrier's requests, made by hand: signed as it signs them, or not quite."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.builders import CALLER, HOTLINE
from tests.conftest import ACCOUNT_SID, AUTH_TOKEN

BASE = "http://localhost"
CALL_SID = "CA00000000000000000000000000000001"
CALL = {"CallSid": CALL_SID, "AccountSid": ACCOUNT_SID, "From": CALLER, "To": HOTLINE, "CallStatus": "in-progress"}
ENDED = CALL | {"CallStatus": "completed"}
FORM = "application/x-www-form-urlencoded"


def recorded(sid: str = "RE00000000000000000000000000000001", seconds: str = "7") -> dict[str, str]:
    """The form of a recording, as its action and its own callback have it."""
    url = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}/Recordings/{sid}"
    return CALL | {"RecordingSid": sid, "RecordingUrl": url, "RecordingDuration": seconds}


def sign(path: str, form: Mapping[str, str], token: str = AUTH_TOKEN, base: str = BASE) -> str:
    return str(RequestValidator(token).compute_signature(base + path, form))


@dataclass(frozen=True)
class Sender:
    """Sends forms to the hotline. ``signed`` differs from what is sent when a test wants a forgery."""

    client: FlaskClient

    def post(
        self,
        path: str,
        form: Mapping[str, str],
        signed: Mapping[str, str] | None = None,
        signature: str | None = None,
        headers: Mapping[str, str] | None = None,
        body: str | bytes | None = None,
        content_type: str = FORM,
        method: str = "POST",
    ) -> TestResponse:
        """*form* to *path*; *body* instead of it as it goes over the wire, signed as *form* all the same."""
        given = sign(path, form if signed is None else signed) if signature is None else signature
        sent = body if body is not None else urlencode(list(MultiDict(form).items(multi=True)))
        return self.client.open(
            path,
            base_url=BASE,
            method=method,
            data=sent,
            content_type=content_type,
            headers={"X-Twilio-Signature": given, **(headers or {})},
        )
