"""Fetching a sound file from a carrier: our credentials go to nobody else, and nothing but sound comes back."""

import ipaddress
import socket
import time
from http import HTTPStatus
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.auth import AuthBase, HTTPBasicAuth

from ivr.settings import LOOPBACK

MAX_BYTES = 100 * 2**20  # Record ends after 120 s: two megabytes; more than this is no message
MAX_S = 60.0  # for the whole body, however slowly it drips
CHUNK_BYTES = 64 * 2**10
MAX_REDIRECTS = 2  # Twilio redirects to its storage once
CONNECT_S, READ_S = 5.0, 10.0


class NoRecording(Exception):
    """The recording could not be fetched. ``trouble`` names the reason to staff, the text to the operator."""

    trouble: ClassVar[str]


class NotReady(NoRecording):
    """The carrier does not have it, or not yet: a file may appear a while after it was announced."""

    trouble = "not_ready"


class Refused(NoRecording):
    """The carrier does not accept our credentials."""

    trouble = "refused"


class Broken(NoRecording):
    """The carrier cannot be reached, or what it sent is no sound recording."""

    trouble = "broken"


def download(home: str, path: str, user: str, secret: str) -> bytes:
    """The sound at *path* of the API at *home* (a URL without a trailing slash), opened with *user* and *secret*.

    Raises ``NotReady``, ``Refused`` or ``Broken``.
    """
    try:
        with requests.Session() as session:
            return _audio(_get(session, home, home + path, HTTPBasicAuth(user, secret)))
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise Broken(f"the carrier's answer failed: {type(error).__name__}") from None


def may_follow(home: str, url: str) -> bool:
    """Whether a redirect of *home* to another host is followed: only over https and to public addresses.

    A carrier on this machine (the simulated one, a mock) may redirect within it.
    """
    target = urlsplit(url)
    if _is_local(home):
        return target.scheme in ("http", "https")
    if target.scheme != "https" or not target.hostname:
        return False
    found = socket.getaddrinfo(target.hostname, target.port or 443, type=socket.SOCK_STREAM)
    return all(ipaddress.ip_address(address[0]).is_global for *_, address in found)


def _get(session: requests.Session, home: str, url: str, credentials: AuthBase) -> requests.Response:
    """The answer at *url* or where it redirects to; our credentials stay on the carrier's own host."""
    for _ in range(1 + MAX_REDIRECTS):
        auth = credentials if _origin(url) == _origin(home) else _Anonymous()
        if auth is not credentials and not may_follow(home, url):
            raise Broken("the carrier redirects to a place we do not go to")
        response = session.get(
            url,
            auth=auth,
            headers={"Accept": "audio/*", "Accept-Encoding": "identity"},
            # no proxy of the operator's knows the way to this machine
            proxies={"no_proxy": ",".join(LOOPBACK)} if _is_local(home) else None,
            timeout=(CONNECT_S, READ_S),
            allow_redirects=False,
            stream=True,
        )
        if not response.is_redirect:
            return response
        url = urljoin(url, response.headers["Location"])
    raise Broken("the carrier redirects too often")


class _Anonymous(AuthBase):
    """No credentials at all: without this, requests looks for some in the user's ``.netrc``."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def _is_local(url: str) -> bool:
    return urlsplit(url).hostname in LOOPBACK


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _audio(response: requests.Response) -> bytes:
    """The body of a good answer, whole and of a kind that is sound."""
    match response.status_code:
        case HTTPStatus.OK:
            pass
        case HTTPStatus.NOT_FOUND:
            raise NotReady("the carrier has no such recording, or not yet")
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            raise Refused("the carrier refuses our credentials: check TWILIO_API_KEY or TWILIO_AUTH_TOKEN")
        case status:
            raise Broken(f"the carrier answered {status}")
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if not kind.startswith("audio/") or "Content-Encoding" in response.headers:
        raise Broken("the carrier answered with something that is not sound")
    body = _body(response.raw)
    length = response.headers.get("Content-Length", "")
    if not body or (length.isdecimal() and len(body) != int(length)):
        raise Broken("the sound file came only in part")
    return body


def _body(raw: urllib3.HTTPResponse) -> bytes:
    """What the connection delivers, up to our limits of size and time."""
    deadline = time.monotonic() + MAX_S
    body = bytearray()
    while chunk := raw.read1(CHUNK_BYTES):  # returns at once with what is there, so that a drip cannot hold us
        body += chunk
        if len(body) > MAX_BYTES:
            raise Broken(f"the sound file is larger than {MAX_BYTES >> 20} MB")
        if time.monotonic() > deadline:
            raise Broken(f"the sound file takes longer than {MAX_S:.0f} s")
    return bytes(body)
