"""Whom we connect to: what was judged, and nobody else; and never for longer than we said."""

import socket
import threading
import time
from collections.abc import Callable

import pytest

from ivr.outbound import connect
from ivr.outbound.addresses import Reach
from ivr.outbound.connect import Deadline, NotAllowed, Unreachable, dial

Resolves = Callable[..., list[str]]


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every address that was connected to, or tried; nobody answers there."""
    tried: list[object] = []

    class Unheard(socket.socket):
        def connect(self, where: object) -> None:
            tried.append(where)
            raise ConnectionRefusedError

    monkeypatch.setattr(socket, "socket", Unheard)
    return tried


@pytest.mark.parametrize(
    "addresses",
    [
        *(["127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"], ["::1"], ["64:ff9b::7f00:1"], ["::ffff:0:10.0.0.1"]),
        *(["93.184.215.14", "10.0.0.1"], ["10.0.0.1", "93.184.215.14"], ["2606:4700:4700::1111", "fd00::1"]),
    ],
)  # fmt: skip
def test_a_name_that_leads_into_a_private_network_is_not_connected(
    resolves: Resolves, connected: list[object], addresses: list[str]
):
    """Not even when only one of its addresses does."""
    resolves(addresses)
    with pytest.raises(NotAllowed):
        dial("robots.example.org", 443, Reach.PUBLIC, 1)
    assert [] == connected


def test_the_name_server_is_asked_once_and_its_answer_is_what_is_connected(resolves: Resolves, connected: list[object]):
    """One that says something private the next moment (DNS rebinding) is not heard."""
    asked = resolves(["93.184.215.14"], ["127.0.0.1"])
    with pytest.raises(Unreachable, match="ConnectionRefusedError"):
        dial("robots.example.org", 443, Reach.PUBLIC, 1)
    assert (["robots.example.org"], [("93.184.215.14", 443)]) == (asked, connected)


def test_whoever_we_are_connected_to_in_the_end_is_judged_again(resolves: Resolves, monkeypatch: pytest.MonkeyPatch):
    """Something between us and the network that turns connections round does not get a word."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        here = listening.getsockname()

        def listen() -> None:
            connection, _ = listening.accept()
            with connection:
                heard.append(connection.recv(100))

        class Turned(socket.socket):
            def connect(self, where: object) -> None:
                super().connect(here)

        thread = threading.Thread(target=listen)
        thread.start()
        resolves(["93.184.215.14"])
        monkeypatch.setattr(socket, "socket", Turned)
        with pytest.raises(NotAllowed):
            dial("robots.example.org", 443, Reach.PUBLIC, 1)
        thread.join()
    assert [b""] == heard


def test_an_open_and_a_closed_port_of_this_machine_get_one_answer():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        answers = []
        for port in (listening.getsockname()[1], 1):
            with pytest.raises(NotAllowed) as refused:
                dial("localhost", port, Reach.PUBLIC, 1)
            answers.append(str(refused.value))
        with pytest.raises(BlockingIOError):
            listening.accept()
    assert ["", ""] == answers


def test_another_address_of_the_name_is_tried_when_one_does_not_answer(resolves: Resolves):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        resolves(["127.0.0.2", "127.0.0.1"])
        with dial("here.example.org", listening.getsockname()[1], Reach.HERE, 1) as connection:
            assert "127.0.0.1" == connection.getpeername()[0]


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch):
    def unknown(*_args: object, **_options: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Unreachable, match="gaierror"):
        dial("nowhere.example.org", 443, Reach.PUBLIC, 1)


def test_a_name_server_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch):
    over = threading.Event()
    monkeypatch.setattr(connect, "CONNECT_S", 0.1)

    def never(*_args: object, **_options: object) -> list[object]:
        over.wait(10)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", never)
    with pytest.raises(Unreachable, match="name server"):
        dial("robots.example.org", 443, Reach.PUBLIC, 1)
    over.set()


def test_a_deadline_ends_a_read_that_would_go_on():
    """A byte now and then makes every timeout of a socket begin anew."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        deadline, began = Deadline(0.2), time.monotonic()
        with deadline.over(ours):
            assert b"" == ours.recv(1)
        assert deadline.passed
        assert time.monotonic() - began < 5


def test_a_deadline_that_was_kept_leaves_the_connection_alone():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        deadline = Deadline(0.05)
        with deadline.over(ours):
            theirs.send(b"x")
            assert b"x" == ours.recv(1)
        time.sleep(0.1)
        ours.send(b"y")
        assert (b"y", False) == (theirs.recv(1), deadline.passed)
