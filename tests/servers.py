"""Servers on this machine, and a name server that says what a test wants."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path

import pytest

from ivr.outbound import addresses

Write = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Server:
    """``asked``: what it was asked for, each with its headers; ``connections``: how many there were."""

    port: int
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving(write: Write, certificate: Path | None = None) -> Iterator[Server]:
    """A server that answers as *write* does."""

    class Handler(BaseHTTPRequestHandler):
        def setup(self) -> None:
            server.connections += 1
            super().setup()

        def do_GET(self) -> None:
            server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            write(self)

        do_POST = do_GET  # noqa: N815 - the library's name

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        listening.handle_error = lambda *_: None  # whoever hung up has meant to
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            listening.socket = context.wrap_socket(listening.socket, server_side=True, do_handshake_on_connect=False)
        server = Server(listening.server_port)
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        listening.shutdown()
        thread.join()


def say(status: int = 200, body: bytes = b"", **headers: str) -> Write:
    """An ordinary answer. ``Location="/"`` is a header."""

    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return write


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Have the name server give these answers, the last for ever; what it was asked for comes back.

    ``[]``: there is no such name.
    """
    asked: list[str] = []
    left = list(answers)

    def look_up(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        addresses = left.pop(0) if len(left) > 1 else left[0]
        if not addresses:
            raise socket.gaierror
        family = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(family[":" in each], socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def make_public(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have this machine lie in the public network."""
    table = tuple(network for network in addresses.SPECIAL_V4 if not network.overlaps(ip_network("127.0.0.0/8")))
    monkeypatch.setattr(addresses, "SPECIAL_V4", table)
