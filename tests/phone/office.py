"""A hotline small enough to read at once, with its API: it asks, records, says goodbye, and may forget."""

import threading

from flask import Flask, Response, jsonify, request

from ivr.phone.line import Line
from ivr.phone.transport import Answer, Body, Transport
from tests.in_process import into
from tests.phone.hotline import ACCOUNT_SID, AUTH_TOKEN, BASE_URL

TOKEN = "let-me-read"
MENU = '<Gather input="dtmf speech" numDigits="1" action="/voice/turn/1"/><Redirect>/voice/turn/1</Redirect>'
BEEP = '<Record action="/voice/turn/2" recordingStatusCallback="/voice/recording"/><Redirect>/voice/turn/2</Redirect>'


class Office:
    """``forgets``: calls, tickets or recordings, of which it then keeps none; talks, which it then knows nothing of.

    ``documents``: the insides of its answers, by their paths below ``/voice/``.
    """

    def __init__(self, forgets: str = "", **documents: str) -> None:
        self.forgets = forgets
        self.documents = {"incoming": MENU, "turn/1": BEEP, "turn/2": "<Hangup/>"} | documents
        self.calls: dict[str, dict] = {}
        self.lock = threading.Lock()

    def line(self) -> Line:
        app = self.app()

        def transport(method: str, url: str, body: Body, headers: dict[str, str]) -> Answer:
            return into(app.test_client())(method, url, body, headers)

        return self._line(transport)

    def _line(self, transport: Transport) -> Line:
        return Line(BASE_URL, ACCOUNT_SID, AUTH_TOKEN, transport)

    def app(self) -> Flask:
        app = Flask("office")

        @app.post("/voice/<path:path>")
        def voice(path: str) -> Response:
            with self.lock:
                self._keep(request.form)
            inside = self.documents.get(path)
            return Response(f"<Response>{inside}</Response>" if inside else "", content_type="text/xml")

        @app.get("/api/v1/calls")
        def calls() -> Response:
            return self._page([] if self.forgets == "calls" else list(self.calls.values()))

        @app.get("/api/v1/tickets")
        def tickets() -> Response:
            wanted = request.args.get("call_sid")
            kept = [call for sid, call in self.calls.items() if call["told"] and wanted in (None, sid)]
            return self._page([] if self.forgets == "tickets" else [self._ticket(call) for call in kept])

        return app

    def _keep(self, form: dict[str, str]) -> None:
        sid = form.get("ParentCallSid", form["CallSid"])
        new = {"sid": sid, "call_sid": sid, "told": False, "recordings": [], "outcome": "message"}
        call = self.calls.setdefault(sid, new)
        if form.get("DialBridged") == "true" and self.forgets != "talks":
            call["outcome"] = "person"
        call["told"] |= "SpeechResult" in form or "RecordingSid" in form or form.get("Digits", "") in tuple("01234")
        if "RecordingSid" in form and self.forgets != "recordings" and form["RecordingSid"] not in call["recordings"]:
            call["recordings"].append(form["RecordingSid"])

    def _ticket(self, call: dict) -> dict:
        recordings = [{"sid": sid} for sid in call["recordings"]]
        community = {"code": "1", "name": "银杏社区", "street": "新碶街道"}
        return {
            "number": call["sid"],
            "need": "food",
            "community": community,
            "call_sids": [call["sid"]],
            "recordings": recordings,
        }

    def _page(self, items: list[dict]) -> Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return Response(status=401)
        start = int(request.args.get("cursor", "0"))
        following = str(start + 7) if start + 7 < len(items) else None
        return jsonify(items=items[start : start + 7], next=following)
