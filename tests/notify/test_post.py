"""Where a notice may go, and how long it waits there."""

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ivr.notify import post
from ivr.notify.errors import Busy, Down, NotAllowed, Rejected, Silent, Unreachable
from ivr.notify.post import Answer, allowed, good
from tests.notify.standins import service


@pytest.mark.parametrize("url", ["https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", "https://93.184.215.14/"])
def test_a_public_address_over_https_is_fine(url: str):
    assert allowed(url, local=False)


@pytest.mark.parametrize(
    "url",
    [
        *("http://qyapi.weixin.qq.com/", "https://127.0.0.1/", "https://localhost/", "https://[::1]/", "file:///etc"),
        *("https://10.1.2.3/", "https://192.168.0.1/", "https://169.254.169.254/", "https://[fd00::1]/"),
        *("https://[::ffff:127.0.0.1]/", "https://user@example.org/", "https://intranet/", "https://", "", "https://a:x/"),
    ],
)  # fmt: skip
def test_everything_else_is_not(url: str):
    assert not allowed(url, local=False)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "https://localhost/", "http://[::1]:9/"])
def test_a_demo_may_send_within_its_machine(url: str):
    assert allowed(url, local=True)
    assert not allowed("http://192.168.0.1/", local=True)


def test_a_public_name_that_leads_into_a_private_network_hears_not_a_word(monkeypatch: pytest.MonkeyPatch):
    """Whatever the name server said before: it is asked whom we are connected to, before the first byte."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def listen() -> None:
            connection, _ = listening.accept()
            with connection:
                heard.append(connection.recv(100))

        thread = threading.Thread(target=listen)
        thread.start()
        there = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: there)
        with pytest.raises(NotAllowed):
            post.post(f"https://robots.example.org:{port}/", b"secret", {}, local=False)
        thread.join()
    assert [b""] == heard


def test_nobody_at_home(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(Unreachable):
        post.post("http://127.0.0.1:1/", b"", {}, local=True)

    def unknown(*_args: object, **_options: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Unreachable):
        post.post("https://nowhere.example.org/", b"", {}, local=False)


def answering(monkeypatch: pytest.MonkeyPatch, write) -> tuple[Answer | Exception, list[str]]:
    """What we make of a server that answers as *write* does, and the paths it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            write(self)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.handle_error = lambda *_: None
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            answer: Answer | Exception = post.post(f"http://127.0.0.1:{server.server_port}/here", b"x", {}, local=True)
        except Exception as error:
            answer = error
        server.shutdown()
        thread.join()
    return answer, asked


def test_a_redirect_is_refused_and_not_followed(monkeypatch: pytest.MonkeyPatch):
    """What we send is a secret of that address alone."""

    def redirect(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(307)
        handler.send_header("Location", "/there")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    answer, asked = answering(monkeypatch, redirect)
    assert ["/here"] == asked
    with pytest.raises(Rejected):
        good(answer)


def test_an_answer_without_end_is_read_for_a_while_and_to_a_size(monkeypatch: pytest.MonkeyPatch):
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 4096)

    answer, _ = answering(monkeypatch, endless)
    assert post.MAX_BYTES == len(answer.body)


def test_an_answer_that_drips_is_not_waited_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(post, "WHOLE_S", 0.3)

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(40):
            handler.wfile.write(b".")
            time.sleep(0.05)

    began = time.monotonic()
    answer, _ = answering(monkeypatch, drip)
    assert 200 == answer.status
    assert time.monotonic() - began < 3  # the stand-in itself takes two


def test_no_answer_at_all_leaves_us_in_doubt(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(post, "READ_S", 0.2)
    with service("webhook", "hangs") as robot, pytest.raises(Silent) as silent:
        post.post(robot.values["url"], b"{}", {}, local=True)
    assert silent.value.in_doubt


@pytest.mark.parametrize(
    ("status", "error"), [(301, Rejected), (400, Rejected), (403, Rejected), (429, Busy), (500, Down), (503, Down)]
)
def test_each_status_has_its_meaning(status: int, error: type):
    with pytest.raises(error):
        good(Answer(status, b""))


@pytest.mark.parametrize(
    ("header", "seconds"), [("120", 120), ("", 0), ("soon", 0), ("-5", 0), ("Sun, 01 Mar 2020 00:00:00 GMT", 0)]
)
def test_when_to_come_again_is_a_number_or_a_date(header: str, seconds: float):
    with pytest.raises(Busy) as busy:
        good(Answer(429, b"", header))
    assert seconds == busy.value.wait_s


@pytest.mark.parametrize("body", [b"", b"[]", b"not json", b"\xff", b"null"])
def test_what_is_no_object_is_an_empty_one(body: bytes):
    assert {} == Answer(200, body).json
