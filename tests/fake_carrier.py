"""A carrier's recordings API that answers as a test tells it to, on a real socket of this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ivr.carrier.account import Carrier

SOUND = b"RIFF" + bytes(40) + b"somebody speaks"
ACCOUNT_SID = "AC0000000000000000000000000000cafe"


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


@dataclass
class FakeCarrier:
    """``answers`` are given in order, the last one for ever; ``requests`` is what came."""

    url: str
    answers: list[Answer] = field(default_factory=lambda: [Answer()])
    requests: list[Request] = field(default_factory=list)

    @property
    def carrier(self) -> Carrier:
        return Carrier("twilio", ACCOUNT_SID, self.url, user="key", secret="secret", tokens=("token",))

    def next_answer(self, request: Request) -> Answer:
        self.requests.append(request)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def fake_carrier() -> Iterator[FakeCarrier]:
    """A fake carrier that lives as long as the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = fake.next_answer(Request(self.path, self.headers.get("Authorization")))
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

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        fake = FakeCarrier(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield fake
        server.shutdown()
        thread.join()
