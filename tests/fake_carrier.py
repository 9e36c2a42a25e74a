"""A carrier's REST API that answers as a test tells it to, on a real socket of this machine."""

import io
import json
import re
import threading
import wave
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ivr.carrier.account import Carrier
from ivr.phone.rung import Placed
from tests.builders import CALLER, HOTLINE


def wav(seconds: float, hertz: int = 100) -> bytes:
    """A WAV file that lasts so long, of few bytes."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 1, hertz, 0, "NONE", ""))
        sound.writeframes(b"\x80" * round(seconds * hertz))
    return file.getvalue()


SOUND = wav(12)
ACCOUNT_SID = "AC0000000000000000000000000000cafe"
LIST = re.compile(r"/(Calls|Recordings|IncomingPhoneNumbers)(?:/([^/]+))?\.json$")
KEYS = {"Calls": "calls", "Recordings": "recordings", "IncomingPhoneNumbers": "incoming_phone_numbers"}
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Answer:
    """One answer.

    ``length`` may lie about the body; ``endless`` goes on sending it until nobody listens; ``hold``: not before that.
    """

    status: int = 200
    body: bytes = SOUND
    kind: str = "audio/x-wav"
    length: int | None = None
    location: str = ""
    encoding: str = ""
    endless: bool = False
    hold: threading.Event | None = None


@dataclass
class Request:
    path: str
    authorization: str | None


def listed_call(
    sid: str, at: datetime, caller: str = CALLER, called: str = HOTLINE, seconds: int = 40, **fields: Any
) -> dict[str, Any]:
    """A call that is over, as Twilio lists it."""
    return {
        "sid": sid,
        "from": caller,
        "to": called,
        "status": "completed",
        "direction": "inbound",
        "start_time": format_datetime(at),
        "end_time": format_datetime(at + timedelta(seconds=seconds)),
        "duration": str(seconds),
        "parent_call_sid": None,
    } | fields


def listed_recording(sid: str, call_sid: str, at: datetime, seconds: int = 12, **fields: Any) -> dict[str, Any]:
    """A message that was left in that call, as Twilio lists it."""
    return {
        "sid": sid,
        "call_sid": call_sid,
        "status": "completed",
        "source": "RecordVerb",
        "date_created": format_datetime(at),
        "duration": str(seconds),
    } | fields


@dataclass(frozen=True)
class Lost:
    """A call is placed all the same, and its answer never arrives."""


@dataclass
class FakeCarrier:
    """``answers`` are given in order, the last one for ever, ``by_name`` to the path's last part instead; ``requests``
    is what came for them.

    ``lists``: rows by resource (Calls, Recordings, IncomingPhoneNumbers), in pages of ``page_rows``; None: lists are
    answered like all else. ``page`` answers instead, when a test has a list of its own kind.
    ``placed``: the calls that were placed, each with its form; ``places``: how it answers who wants one, in order, then
    with the call.
    ``moved``: which calls were led where; ``moves``: how it answers who wants that, in order, then that it is done.
    ``asked``: what was asked of lists, with its query. ``deletes``: how it answers who wants something ``deleted``.
    """

    url: str
    lists: dict[str, Rows] | None = None
    page_rows: int = 1000
    page: Callable[[str, Mapping[str, str]], object] | None = None
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=lambda: [Answer()])
    by_name: dict[str, Answer] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    deletes: int = 204
    deleted: list[str] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    places: list[Answer | Lost] = field(default_factory=list)
    moved: list[tuple[str, str]] = field(default_factory=list)
    moves: list[Answer] = field(default_factory=list)

    @property
    def carrier(self) -> Carrier:
        return Carrier("twilio", ACCOUNT_SID, self.url, user="key", secret="secret", tokens=("token",))

    def next_answer(self, request: Request) -> Answer:
        self.requests.append(request)
        if own := self.by_name.get(request.path.rpartition("/")[2]):
            return own
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def posted(self, path: str, form: Mapping[str, str]) -> Answer | None:
        """A call is wanted, or one that goes on is to be led elsewhere."""
        if path.endswith("/Calls.json"):
            return self.place(form)
        self.moved.append((path.rpartition("/")[2].removesuffix(".json"), form["Url"]))
        return self.moves.pop(0) if self.moves else Answer(body=b"{}", kind="application/json")

    def place(self, form: Mapping[str, str]) -> Answer | None:
        """A call is wanted; None: no answer ever comes."""
        how = self.places.pop(0) if self.places else None
        if isinstance(how, Answer):
            return how
        call = Placed(
            sid=f"CA{len(self.placed):032x}",
            to=form["To"],
            caller=form["From"],
            url=form["Url"],
            status_url=form["StatusCallback"],
            fallback_url=form["FallbackUrl"],
        )
        self.placed.append(call)
        row = listed_call(call.sid, datetime.now(UTC), call.caller, call.to, direction="outbound-api", status="queued")
        self.lists = self.lists or {}
        self.lists.setdefault("Calls", []).insert(0, row | {"end_time": None})
        return None if how else Answer(201, json.dumps({"sid": call.sid}).encode(), "application/json")

    def listed(self, path: str) -> Answer | None:
        """A page of a list, or a row of it; None for what is no list."""
        parts = urlsplit(path)
        found = LIST.search(parts.path)
        if found is None or (self.lists is None and self.page is None):
            return None
        resource, sid, query = found[1], found[2], dict(parse_qsl(parts.query))
        self.asked.append((resource, query))
        rows = (self.lists or {}).get(resource, [])
        if sid:
            row = next((row for row in rows if row["sid"] == sid), None)
            return Answer(200 if row else 404, json.dumps(row).encode(), "application/json")
        if self.page:
            return Answer(body=json.dumps(self.page(resource, query)).encode(), kind="application/json")
        n = int(query.get("Page", 0))
        here, more = rows[n * self.page_rows : (n + 1) * self.page_rows], rows[(n + 1) * self.page_rows :]
        onward = f"{parts.path}?PageSize={self.page_rows}&Page={n + 1}&PageToken=PT{n + 1}" if more else None
        page = {KEYS[resource]: here, "next_page_uri": onward}
        return Answer(body=json.dumps(page).encode(), kind="application/json")


@contextmanager
def fake_carrier() -> Iterator[FakeCarrier]:
    """A fake carrier that lives as long as the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = fake.listed(self.path) or fake.next_answer(Request(self.path, self.headers.get("Authorization")))
            if answer.hold:
                answer.hold.wait()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            if answer.location:
                self.send_header("Location", answer.location)
            if answer.encoding:
                self.send_header("Content-Encoding", answer.encoding)
            if not answer.endless:
                self.send_header("Content-Length", str(len(answer.body) if answer.length is None else answer.length))
            self.end_headers()
            try:
                self.wfile.write(answer.body)
                while answer.endless:
                    self.wfile.write(answer.body)
            except OSError:
                pass  # the other side has heard enough

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            answer = fake.posted(self.path, dict(parse_qsl(body)))
            if answer is None:
                return  # the connection ends without a word
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def do_DELETE(self) -> None:
            fake.deleted.append(self.path.partition(f"{ACCOUNT_SID}/")[2])
            self.send_response(fake.deletes)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        fake = FakeCarrier(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield fake
        server.shutdown()
        thread.join()
