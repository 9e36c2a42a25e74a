"""A tiny hotline of hand-written documents for the fake phone to ring: what it answers is told to it, path by path."""

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask, Response, request
from twilio.request_validator import RequestValidator

from ivr.phone.line import Line
from tests.in_process import into

ACCOUNT_SID = "AC00000000000000000000000000000002"
AUTH_TOKEN = "a-token-that-only-these-tests-know"
BASE_URL = "http://hotline.test:8123"

Reply = str | tuple[str, int] | Callable[[dict[str, str]], str]


@dataclass(frozen=True)
class Request:
    """One request as the hotline received it."""

    path: str
    form: dict[str, str]
    token: str | None
    method: str
    signed: bool


@dataclass
class Hotline:
    """``replies`` maps a path to the inside of its ``<Response>``; unknown paths answer 204, unsigned requests 403."""

    replies: dict[str, Reply] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    content_type: str = "text/xml"

    def line(self, app: Flask | None = None, **given: str) -> Line:
        return Line(BASE_URL, ACCOUNT_SID, AUTH_TOKEN, into((app or self.app()).test_client()), **given)

    def forms(self, path: str) -> list[dict[str, str]]:
        return [each.form for each in self.requests if each.path == path]

    def app(self) -> Flask:
        app = Flask("hotline")

        @app.route("/<path:path>", methods=["GET", "POST"])
        def answer(path: str) -> Response:
            fields = request.form or request.args
            signature = request.headers.get("X-Twilio-Signature", "")
            signed = RequestValidator(AUTH_TOKEN).validate(request.url, request.form, signature)
            token = request.headers.get("I-Twilio-Idempotency-Token")
            self.requests.append(Request(request.path, fields.to_dict(), token, request.method, signed))
            if not signed:
                return Response(status=403)
            return self._reply(request.path, fields.to_dict())

        return app

    def _reply(self, path: str, form: dict[str, str]) -> Response:
        reply = self.replies.get(path)
        if reply is None:
            return Response(status=204)
        if callable(reply):
            reply = reply(form)
        inside, status = (reply, 200) if isinstance(reply, str) else reply
        return Response(f"<Response>{inside}</Response>", status, content_type=self.content_type)
