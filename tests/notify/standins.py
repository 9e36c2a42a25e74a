"""Stand-ins for the services that carry our notices, on real sockets of this machine, with the faults services have."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

RETRY_AFTER_S = 120
ACCOUNT_SID = "AC00000000000000000000000000000001"

# What each service answers when all is well, and when it says no in a friendly tone.
GOOD: dict[str, dict[str, Any]] = {
    "wecom": {"errcode": 0, "errmsg": "ok"},
    "dingtalk": {"errcode": 0, "errmsg": "ok"},
    "feishu": {"code": 0, "msg": "success", "data": {}},
    "webhook": {},
}
CODED: dict[str, dict[str, Any]] = {
    "wecom": {"errcode": 93000, "errmsg": "invalid webhook url"},
    "dingtalk": {"errcode": 310000, "errmsg": "sign not match"},
    "feishu": {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"},
}


@dataclass(frozen=True)
class Request:
    """One request to a service over HTTP."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass
class Service:
    """One service. ``fault`` is how it fails now, "" when it works; ``accepted`` is what it has taken to pass on.

    ``refuses``: nobody listens · ``hangs``: listens and never answers · ``500`` · ``429``: says when to come again ·
    ``coded``: 200, and an error in the answer · ``cuts``: ends the connection in mid-request · ``acts``: takes the
    message and hangs before it says so · ``says``: what ``answer`` holds, a status and a body.
    """

    kind: str
    port: int = 0
    fault: str = ""
    answer: tuple[int, dict[str, Any]] = (200, {})
    accepted: list[Any] = field(default_factory=list)
    requests: list[Any] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)

    @property
    def values(self) -> dict[str, str]:
        """What a channel's form is filled in with to reach it."""
        port = 1 if self.fault == "refuses" else self.port
        url = f"http://127.0.0.1:{port}/robot/send?key=very-secret-robot-key"
        match self.kind:
            case "email":
                return {
                    "host": "127.0.0.1",
                    "port": str(port),
                    "security": "plain",
                    "sender": "hotline@example.org",
                    "to": "duty@example.org, street@example.org",
                }
            case "sms":
                return {"sender": "+8657455500100", "to": "+8613800000009"}
            case "wecom":
                return {"url": url}
        return {"url": url, "sign_key": "SECvery-secret-sign-key"}

    def stops(self) -> None:
        """Wait as a service does that has forgotten us."""
        self.let_go.wait(30)


class HttpHandler(BaseHTTPRequestHandler):
    """A robot, another system, or a carrier's Messages API."""

    service: Service

    def do_POST(self) -> None:
        request = Request(self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"])))
        self.service.requests.append(request)
        match self.service.fault:
            case "hangs":
                self.service.stops()
            case "cuts":
                self.connection.close()
            case "500":
                self.say(500, {"message": "something is wrong with us"})
            case "429":
                self.say(429, {"message": "too many"}, {"Retry-After": str(RETRY_AFTER_S)})
            case "coded" if self.service.kind == "sms":
                self.say(201, {"sid": "SM0", "status": "failed", "error_code": 21610, "error_message": "opted out"})
            case "coded" if self.service.kind == "webhook":
                self.say(403, {"error": "bad signature"})  # others have no code of their own: their status is it
            case "coded":
                self.say(200, CODED[self.service.kind])
            case "says":
                self.say(*self.service.answer)
            case "acts":
                self.service.accepted.append(request)
                self.service.stops()
            case _:
                self.service.accepted.append(request)
                self.say(201 if self.service.kind == "sms" else 200, self.good())

    def do_GET(self) -> None:
        """The carrier's list of messages, the newest first."""
        self.service.requests.append(Request(self.path, dict(self.headers), b""))
        asked = parse_qs(urlsplit(self.path).query)
        sent = [parse_qs(each.body.decode()) for each in reversed(self.service.accepted)]
        messages = [
            {"sid": f"SM{n}", "status": "sent", "to": form["To"][0], "body": form["Body"][0]}
            for n, form in enumerate(sent)
            if form["To"] == asked["To"]
        ]
        self.say(200, {"messages": messages}) if self.service.fault != "500" else self.say(500, {})

    def good(self) -> dict[str, Any]:
        if self.service.kind == "sms":
            return {"sid": f"SM{len(self.service.accepted)}", "status": "queued", "error_code": None}
        return GOOD[self.service.kind]

    def say(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


class MailHandler:
    """A mail server."""

    def __init__(self, service: Service) -> None:
        self.service = service

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        letter = message_from_bytes(envelope.content, policy=default)
        self.service.requests.append(letter)
        match self.service.fault:
            case "hangs" | "acts":
                if self.service.fault == "acts":
                    self.service.accepted.append(letter)
                while not self.service.let_go.is_set():
                    await asyncio.sleep(0.02)
                return "250 too late"
            case "cuts":
                server.transport.close()
                return "250 nobody hears this"
            case "500":
                return "421 4.3.0 something is wrong with us"
            case "429":
                return "451 4.7.1 greylisted, come again"
            case "coded":
                return "550 5.7.1 we do not take this"
        self.service.accepted.append(letter)
        return "250 taken"


@contextmanager
def service(kind: str, fault: str = "") -> Iterator[Service]:
    """A service of this kind that lives as long as the block."""
    stand_in = Service(kind, fault=fault)
    with (_mail if kind == "email" else _http)(stand_in):
        try:
            yield stand_in
        finally:
            stand_in.let_go.set()


@contextmanager
def _http(stand_in: Service) -> Iterator[None]:
    handler = type("Handler", (HttpHandler,), {"service": stand_in})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # whoever hung up in our face has meant to
        stand_in.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield
        stand_in.let_go.set()
        server.shutdown()
        thread.join()


@contextmanager
def _mail(stand_in: Service) -> Iterator[None]:
    stand_in.port = free_port()
    controller = Controller(MailHandler(stand_in), hostname="127.0.0.1", port=stand_in.port)
    controller.start()
    yield
    stand_in.let_go.set()
    time.sleep(0.05)
    controller.stop()


def free_port() -> int:
    """A port on which nobody listens at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def text_of(kind: str, sent: Any) -> str:
    """The words of a message as this service got it."""
    match kind:
        case "email":
            letter: Message = sent
            return f"{letter['Subject']}\n{letter.get_content()}"
        case "sms":
            return parse_qs(sent.body.decode())["Body"][0]
        case "feishu":
            return sent.json["content"]["text"]
        case "webhook":
            return sent.json["text"]
    return sent.json["text"]["content"]
