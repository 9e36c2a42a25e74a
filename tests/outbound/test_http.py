"""One exchange with a server that means no good: every way of holding us up, filling us up or leading us astray."""

import ssl
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from ivr.outbound import http
from ivr.outbound.addresses import Reach
from ivr.outbound.connect import NotAllowed, Unreachable
from ivr.outbound.http import Answer, Limits, Silent, ask, follow
from tests.certificate import certificate
from tests.servers import Server, make_public, say

Serve = Callable[..., Server]
QUICK = Limits(whole_s=1.5, max_bytes=1000)  # a busy machine takes a while to send a head


def test_what_was_sent_and_what_came(serve: Serve):
    server = serve(say(201, b'{"sid": "1"}', X_Kind="a"))
    answer = ask(
        "POST", f"{server.url}/a b?c=d&e=银%2F", reach=Reach.HERE, body=b"x", headers={"X-Key": "k"}, user=("u", "p")
    )
    ((path, headers),) = server.asked

    assert (201, {"sid": "1"}, "a", "") == (answer.status, answer.json, answer.headers["x-kind"], answer.cut)
    assert "/a%20b?c=d&e=%E9%93%B6%2F" == path
    assert ("k", "Basic dTpw", "1", "identity") == (
        headers["x-key"], headers["authorization"], headers["content-length"], headers["accept-encoding"]
    )  # fmt: skip
    assert f"127.0.0.1:{server.port}" == headers["host"]


def test_nobody_at_home():
    with pytest.raises(Unreachable):
        ask("GET", "http://127.0.0.1:1/", reach=Reach.HERE)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "http://", "http://a@127.0.0.1/", "127.0.0.1"])
def test_what_is_no_url(url: str):
    with pytest.raises(NotAllowed):
        ask("GET", url, reach=Reach.CONFIGURED)


def test_nobodys_netrc_has_a_say(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    server = serve(say())
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something")
    monkeypatch.setenv("NETRC", str(netrc))
    assert 200 == ask("GET", server.url, reach=Reach.HERE).status
    assert "authorization" not in server.asked[0][1]


# --- time and size


def drip(what: bytes, every_s: float = 0.05, times: int = 200) -> Callable[[BaseHTTPRequestHandler], None]:
    def write(handler: BaseHTTPRequestHandler) -> None:
        for _ in range(times):
            handler.wfile.write(what)
            time.sleep(every_s)

    return write


def after(head: bytes, write: Callable[[BaseHTTPRequestHandler], None]) -> Callable[[BaseHTTPRequestHandler], None]:
    def both(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(head)
        write(handler)

    return both


@pytest.mark.parametrize(
    "write",
    [
        drip(b""),
        drip(b"H"),
        drip(b"HTTP/1.1 100 Continue\r\n\r\n"),
        after(b"HTTP/1.1 200 OK\r\n", drip(b"X-A: b\r\n")),
    ],
    ids=["nothing", "half a line", "go on", "headers"],
)
def test_a_head_that_drips_is_no_answer(serve: Serve, write: Callable[[BaseHTTPRequestHandler], None]):
    began = time.monotonic()
    with pytest.raises(Silent, match="time"):
        ask("GET", serve(write).url, reach=Reach.HERE, limits=QUICK)
    assert time.monotonic() - began < 6


@pytest.mark.parametrize(
    "head", [b"", b"Content-Length: 900\r\n", b"Transfer-Encoding: chunked\r\n"], ids=["bare", "length", "chunks"]
)
def test_a_body_that_drips_is_cut_by_its_time(serve: Serve, head: bytes):
    piece = b"1\r\n.\r\n" if b"chunked" in head else b"."
    began = time.monotonic()
    answer = ask(
        "GET", serve(after(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n", drip(piece))).url, reach=Reach.HERE, limits=QUICK
    )
    assert (200, "time") == (answer.status, answer.cut)
    assert time.monotonic() - began < 6


def test_one_byte_and_then_silence_is_not_waited_for(serve: Serve):
    with pytest.raises(Silent, match="TimeoutError"):
        ask("GET", serve(drip(b"H", every_s=1, times=2)).url, reach=Reach.HERE, limits=Limits(read_s=0.1))


def test_an_endless_body_is_cut_by_its_size(serve: Serve):
    answer = ask(
        "GET",
        serve(after(b"HTTP/1.1 200 OK\r\n\r\n", drip(b"x" * 4096, 0, 10_000))).url,
        reach=Reach.HERE,
        limits=QUICK,
    )
    assert (1000, "size") == (len(answer.body), answer.cut)


@pytest.mark.parametrize(
    "head", [b"Content-Length: 900\r\n\r\n.", b"Transfer-Encoding: chunked\r\n\r\n10\r\n."], ids=["length", "chunks"]
)
def test_a_body_that_ends_before_its_end_is_cut_short(serve: Serve, head: bytes):
    answer = ask("GET", serve(after(b"HTTP/1.1 200 OK\r\n" + head, drip(b"", 0, 0))).url, reach=Reach.HERE)
    assert "short" == answer.cut


@pytest.mark.parametrize(
    "head",
    [b"", b"\r\n\r\n", b"SSH-2.0\r\n", b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 200, b"HTTP/1.1 " + b"9" * 70_000],
)
def test_what_is_no_http_is_no_answer(serve: Serve, head: bytes):
    with pytest.raises(Silent):
        ask("GET", serve(after(head, drip(b"", 0, 0))).url, reach=Reach.HERE, limits=QUICK)


@pytest.mark.parametrize("body", [b"", b"[]", b"not json", b"\xff", b"null", b"[" * 100_000])
def test_what_is_no_object_is_an_empty_one(body: bytes):
    assert {} == Answer(200, body).json


# --- who they are


@pytest.fixture
def robots(monkeypatch: pytest.MonkeyPatch, resolves: Callable[..., list[str]]) -> str:
    """A name of the public network, as far as we know, whose server is here."""
    make_public(monkeypatch)
    resolves(["127.0.0.1"])
    return "robots.example.org"


def trust(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(http, "trusted", lambda: ssl.create_default_context(cafile=path))


def test_a_server_must_prove_that_it_bears_the_name(
    serve: Serve, robots: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Though it is connected by its address; and it is told which of its names is meant."""
    mine = certificate(tmp_path, robots)
    server = serve(say(200, b"{}"), mine)
    with pytest.raises(Unreachable, match="SSLCertVerificationError"):
        ask("POST", f"https://{robots}:{server.port}/", reach=Reach.PUBLIC, body=b"secret")
    trust(monkeypatch, mine)
    assert 200 == ask("POST", f"https://{robots}:{server.port}/", reach=Reach.PUBLIC, body=b"secret").status
    assert f"{robots}:{server.port}" == server.asked[0][1]["host"]


def test_a_certificate_of_another_name_is_none(
    serve: Serve, robots: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    others = certificate(tmp_path, "others.example.org")
    server = serve(say(), others)
    trust(monkeypatch, others)
    with pytest.raises(Unreachable, match="SSLCertVerificationError"):
        ask("GET", f"https://{robots}:{server.port}/", reach=Reach.PUBLIC)
    assert [] == server.asked


# --- redirects


def fetched(url: str, reach: Reach = Reach.HERE, hosts: tuple[str, ...] = ()) -> Answer:
    return follow(url, reach=reach, hosts=hosts, headers={"X-Key": "k"}, user=("u", "p"), limits=Limits(whole_s=2))


def test_a_redirect_is_an_answer_to_whoever_only_asks(serve: Serve):
    server = serve(say(307, Location="/there"))
    assert 307 == ask("POST", server.url, reach=Reach.HERE, body=b"secret").status
    assert 1 == len(server.asked)


def test_within_a_server_the_credentials_go_along(serve: Serve):
    def write(handler: BaseHTTPRequestHandler) -> None:
        (say(200, b"here") if handler.path == "/there" else say(302, Location="/there"))(handler)

    server = serve(write)
    assert b"here" == fetched(server.url).body
    assert ["Basic dTpw"] * 2 == [headers["authorization"] for _, headers in server.asked]


def test_to_another_server_they_do_not(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something")
    monkeypatch.setenv("NETRC", str(netrc))
    storage = serve(say(200, b"there"))
    assert b"there" == fetched(serve(say(307, Location=f"{storage.url}/file")).url).body
    assert "authorization" not in storage.asked[0][1]


def test_a_third_redirect_is_not_followed(serve: Serve):
    server = serve(say(302, Location="/again"))
    with pytest.raises(NotAllowed, match="too many"):
        fetched(server.url)
    assert 3 == len(server.asked)


@pytest.mark.parametrize(
    "location",
    [
        *("http://media.example/x", "file:///etc/passwd", "gopher://media.example/x", "https://10.0.0.1/", "https://["),
        *("https://media.example.evil.org/x", "https://notmedia.example/x", "https://media.example@evil.org/"),
        *("https://127.0.0.1/x", "http://127.0.0.1/x", "https://2130706433/", "//evil.org/x"),
    ],
)  # fmt: skip
def test_a_public_server_sends_us_to_no_host_that_was_not_named(
    serve: Serve, robots: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, location: str
):
    """A46"""
    mine = certificate(tmp_path, robots)
    trust(monkeypatch, mine)
    server = serve(say(302, Location=location), mine)
    with pytest.raises(NotAllowed, match="a redirect to"):
        fetched(f"https://{robots}:{server.port}/", Reach.CONFIGURED, ("media.example",))
    assert 1 == server.connections


def test_a_named_host_is_followed_into_the_public_network_alone(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, resolves: Callable[..., list[str]]
):
    """A46: A host below a named one, too; but not where its name leads into a private network."""
    resolves(["127.0.0.1"])
    mine = certificate(tmp_path, "api.example.org")
    theirs = certificate(tmp_path, "eu.media.example")
    both = tmp_path / "both.pem"
    both.write_bytes(mine.read_bytes() + theirs.read_bytes())
    trust(monkeypatch, both)
    storage = serve(say(200, b"sound"), theirs)
    server = serve(say(302, Location=f"https://eu.media.example:{storage.port}/x"), mine)
    url = f"https://api.example.org:{server.port}/"

    with pytest.raises(NotAllowed):
        fetched(url, Reach.CONFIGURED, ("media.example",))
    assert 0 == storage.connections

    make_public(monkeypatch)
    assert b"sound" == fetched(url, Reach.CONFIGURED, ("media.example",)).body
    assert "authorization" not in storage.asked[0][1]


def test_a_server_of_this_machine_sends_us_nowhere_else(serve: Serve):
    for location in ("https://media.example/x", "http://192.168.0.1/", "http://127.1/"):
        with pytest.raises(NotAllowed, match="a redirect to"):
            fetched(serve(say(302, Location=location)).url, hosts=("media.example",))


def test_redirects_share_one_time(serve: Serve):
    """Three slow answers take no longer than one."""

    def slow(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.8)
        say(302, Location="/again")(handler)

    with pytest.raises(Silent):
        follow(serve(slow).url, reach=Reach.HERE, hosts=(), headers={}, user=("u", "p"), limits=Limits(whole_s=1))
