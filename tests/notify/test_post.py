"""Handing a notice over by HTTP: where it may go, and what comes of each way of not being taken."""

from http.server import BaseHTTPRequestHandler

import pytest

from ivr.notify import post
from ivr.notify.errors import Busy, Down, NotAllowed, Rejected, Silent, Unreachable
from ivr.notify.post import good
from ivr.outbound import http
from ivr.outbound.http import Answer
from tests.notify.standins import service
from tests.servers import resolving, say, serving


@pytest.mark.parametrize(
    "url",
    ["https://127.1:{}/", "https://[::ffff:127.0.0.1]:{}/", "https://localhost:{}/", "https://robots.example:{}/"],
)
def test_an_open_and_a_closed_port_of_a_private_network_give_one_answer(url: str, monkeypatch: pytest.MonkeyPatch):
    """Who fills in the form learns nothing about what listens there: nobody is connected."""
    resolving(monkeypatch, ["127.0.0.1"])
    with serving(say()) as listening:
        answers = []
        for port in (listening.port, 1):
            with pytest.raises(NotAllowed) as refused:
                post.post(url.format(port), b"secret", {}, local=False)
            answers.append((refused.value.trouble, refused.value.said))
    assert [("address", "")] * 2 == answers
    assert 0 == listening.connections


def test_nobody_at_home():
    with pytest.raises(Unreachable):
        post.post("http://127.0.0.1:1/", b"", {}, local=True)


def test_a_redirect_is_refused_and_not_followed():
    """What we send is a secret of that address alone."""
    with serving(say(307, Location="/there")) as server:
        answer = post.post(f"{server.url}/here", b"x", {}, local=True)
    assert ["/here"] == [path for path, _ in server.asked]
    with pytest.raises(Rejected):
        good(answer)


def test_no_answer_at_all_leaves_us_in_doubt(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(http, "USUAL", http.Limits(read_s=0.2))
    with service("webhook", "hangs") as robot, pytest.raises(Silent) as silent:
        post.post(robot.values["url"], b"{}", {}, local=True)
    assert silent.value.in_doubt


def test_half_an_answer_leaves_us_in_doubt():
    def half(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")

    with serving(half) as server, pytest.raises(Silent) as silent:
        post.post(server.url, b"{}", {}, local=True)
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
        good(Answer(429, b"", {"retry-after": header}))
    assert seconds == busy.value.wait_s
