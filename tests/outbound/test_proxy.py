"""The operator's proxy: used for what leaves over https, told a name and nothing else."""

import socket
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ivr.outbound import connect, http, proxy
from ivr.outbound.addresses import Reach
from ivr.outbound.connect import NotAllowed, Unreachable
from ivr.outbound.http import ask
from tests.certificate import certificate
from tests.servers import Server, make_public, say

NAME = "robots.example.org"


@dataclass
class Tunnels:
    """A proxy: ``heads`` are what it was asked, ``answer`` what it says; all names lead to this machine for it."""

    port: int
    heads: list[str] = field(default_factory=list)
    answer: bytes = b"HTTP/1.1 200 Connection established\r\nProxy-Agent: x\r\n\r\n"

    @property
    def address(self) -> str:
        return f"http://duty:p%40ss@127.0.0.1:{self.port}"

    def serve(self, client: socket.socket) -> None:
        with client:
            head = b""
            while b"\r\n\r\n" not in head and (part := client.recv(4096)):
                head += part
            if not head:
                return
            self.heads.append(head.decode())
            client.sendall(self.answer)
            if b" 200 " not in self.answer:
                return
            port = int(head.split()[1].rpartition(b":")[2])
            with socket.socket() as server:
                server.connect(("127.0.0.1", port))
                back = threading.Thread(target=self.pump, args=(server, client))
                back.start()
                self.pump(client, server)
                back.join()

    def pump(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while part := source.recv(4096):
                sink.sendall(part)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            return  # the other end has gone


@pytest.fixture
def tunnels(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tunnels]:
    """A proxy that the environment names."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        between = Tunnels(listening.getsockname()[1])
        monkeypatch.setenv("HTTPS_PROXY", between.address)

        def accept() -> None:
            while True:
                try:
                    client, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=between.serve, args=(client,), daemon=True).start()

        thread = threading.Thread(target=accept)
        thread.start()
        yield between
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.fixture
def robots(serve: Callable[..., Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server of the public network that proves who it is."""
    mine = certificate(tmp_path, NAME)
    monkeypatch.setattr(http, "trusted", lambda: connect.ssl.create_default_context(cafile=mine))
    return serve(say(200, b"{}"), mine)


def knowing(monkeypatch: pytest.MonkeyPatch, names: dict[str, str]) -> None:
    """A name server that knows these names and no other."""

    def look_up(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        if host not in names:
            raise socket.gaierror
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (names[host], port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def test_a_proxy_is_told_a_name_and_its_own_password_and_no_more(
    tunnels: Tunnels, robots: Server, monkeypatch: pytest.MonkeyPatch
):
    """Even when it alone can resolve names; whom it connected us to is proven by the certificate."""
    knowing(monkeypatch, {"127.0.0.1": "127.0.0.1"})
    url = f"https://{NAME}:{robots.port}/send?key=secret"
    assert 200 == ask("POST", url, reach=Reach.PUBLIC, body=b"x", user=("u", "p")).status

    login = b64encode(b"duty:p@ss").decode()
    where = f"{NAME}:{robots.port}"
    assert [f"CONNECT {where} HTTP/1.1\r\nHost: {where}\r\nProxy-Authorization: Basic {login}\r\n\r\n"] == tunnels.heads
    ((path, headers),) = robots.asked
    assert ("/send?key=secret", False) == (path, "proxy-authorization" in headers)


def test_where_we_can_resolve_a_name_the_same_addresses_are_refused(
    tunnels: Tunnels, robots: Server, monkeypatch: pytest.MonkeyPatch
):
    knowing(monkeypatch, {NAME: "10.0.0.5", "127.0.0.1": "127.0.0.1"})
    with pytest.raises(NotAllowed):
        ask("GET", f"https://{NAME}:{robots.port}/", reach=Reach.PUBLIC)
    assert [] == tunnels.heads


@pytest.mark.parametrize("answer", [b"HTTP/1.1 407 No\r\n\r\n", b"HTTP/1.1 502 No\r\n\r\n", b"", b"SSH-2.0\r\n"])
def test_a_proxy_that_lets_nobody_through_leaves_nothing_handed_over(
    tunnels: Tunnels, robots: Server, monkeypatch: pytest.MonkeyPatch, answer: bytes
):
    knowing(monkeypatch, {"127.0.0.1": "127.0.0.1"})
    tunnels.answer = answer
    with pytest.raises(Unreachable, match="proxy"):
        ask("POST", f"https://{NAME}:{robots.port}/", reach=Reach.PUBLIC, body=b"secret")
    assert 0 == robots.connections


@pytest.mark.parametrize("named", ["socks5://127.0.0.1:1080", "https://127.0.0.1:1080", "http://", "http://a:b:c"])
def test_a_proxy_that_we_cannot_use_is_named(monkeypatch: pytest.MonkeyPatch, named: str):
    monkeypatch.setenv("HTTPS_PROXY", named)
    with pytest.raises(Unreachable, match="HTTPS_PROXY"):
        proxy.of("https://robots.example.org/")


def test_what_needs_none_goes_without(
    tunnels: Tunnels, robots: Server, serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
):
    """What NO_PROXY lists, this machine, and http, which a proxy could read."""
    make_public(monkeypatch)
    knowing(monkeypatch, {NAME: "127.0.0.1", "127.0.0.1": "127.0.0.1"})
    plain = serve(say(200, b"{}"))
    assert 200 == ask("GET", plain.url, reach=Reach.HERE).status
    assert 200 == ask("GET", plain.url, reach=Reach.CONFIGURED).status
    monkeypatch.setenv("NO_PROXY", "example.org")
    assert 200 == ask("GET", f"https://{NAME}:{robots.port}/", reach=Reach.PUBLIC).status
    assert [] == tunnels.heads


def test_an_address_of_ipv6_stands_in_brackets():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        proxy.Proxy("127.0.0.1", 80, "").tunnel(ours, "2606:4700:4700::1111", 443)
        assert theirs.recv(4096).startswith(b"CONNECT [2606:4700:4700::1111]:443 HTTP/1.1\r\n")


def test_a_proxy_is_known_by_its_bare_name_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HTTPS_PROXY", "proxy.intern:3128")
    assert proxy.Proxy("proxy.intern", 3128, "") == proxy.of("https://robots.example.org/")
