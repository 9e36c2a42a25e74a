"""Which carriers bring us calls, and how a recording is fetched from the one that made it."""

import hashlib
import ipaddress
import re
import socket
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import ClassVar
from urllib.parse import quote, urljoin, urlsplit

import requests
import urllib3
from requests.auth import AuthBase, HTTPBasicAuth

from ivr.settings import LOOPBACK, Settings

SID = re.compile(r"[A-Za-z0-9-]{1,64}")
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


@dataclass(frozen=True, slots=True)
class Carrier:
    """One account at a carrier with Twilio's REST API.

    ``tokens`` verify its requests' signatures (several while rotating); ``user`` and ``secret`` open its REST API
    below ``api_base_url``. ``name`` stands in the rows of its calls.
    """

    name: str
    account_sid: str
    api_base_url: str
    user: str
    secret: str = field(repr=False)
    tokens: tuple[str, ...] = field(repr=False)

    def fetch_recording(self, sid: str) -> bytes:
        """The sound file of one recording, rebuilt from its SID: no URL of a request is ever used.

        Raises ``NotReady``, ``Refused`` or ``Broken``, never anything else.
        """
        if not SID.fullmatch(sid):
            raise Broken("this is no recording's SID")
        url = f"{self.api_base_url}/2010-04-01/Accounts/{quote(self.account_sid, safe='')}/Recordings/{sid}.wav"
        try:
            with requests.Session() as session:
                return _audio(self._get(session, url))
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise Broken(f"the carrier's answer failed: {type(error).__name__}") from None

    def _get(self, session: requests.Session, url: str) -> requests.Response:
        """The answer at *url* or where it redirects to; our credentials stay on the carrier's own host."""
        for _ in range(1 + MAX_REDIRECTS):
            auth: AuthBase = _Anonymous()
            if _origin(url) == _origin(self.api_base_url):
                auth = HTTPBasicAuth(self.user, self.secret)
            elif not self._may_follow(url):
                raise Broken("the carrier redirects to a place we do not go to")
            response = session.get(
                url,
                auth=auth,
                headers={"Accept": "audio/*", "Accept-Encoding": "identity"},
                proxies={"no_proxy": ",".join(LOOPBACK)} if self._is_local else None,
                timeout=(CONNECT_S, READ_S),
                allow_redirects=False,
                stream=True,
            )
            if not response.is_redirect:
                return response
            url = urljoin(url, response.headers["Location"])
        raise Broken("the carrier redirects too often")

    @property
    def _is_local(self) -> bool:
        """The simulated phone or a mock: no proxy of the operator's knows the way to this machine."""
        return urlsplit(self.api_base_url).hostname in LOOPBACK

    def _may_follow(self, url: str) -> bool:
        """Elsewhere only over https and to public addresses; a carrier on this machine may redirect within it."""
        target = urlsplit(url)
        if self._is_local:
            return target.scheme in ("http", "https")
        if target.scheme != "https" or not target.hostname:
            return False
        found = socket.getaddrinfo(target.hostname, target.port or 443, type=socket.SOCK_STREAM)
        return all(ipaddress.ip_address(address[0]).is_global for *_, address in found)


def carriers(settings: Settings) -> dict[str, Carrier]:
    """Every carrier whose calls we take, by its account SID; with the simulator on, the simulated one too."""
    known = []
    if settings.twilio_account_sid:
        tokens = settings.auth_tokens
        known.append(
            Carrier(
                name="twilio",
                account_sid=settings.twilio_account_sid,
                api_base_url=settings.twilio_api_base_url.rstrip("/"),
                user=settings.twilio_api_key or settings.twilio_account_sid,
                secret=settings.twilio_api_secret.get_secret_value() or tokens[0],
                tokens=tokens,
            )
        )
    if settings.hotline_simulator:
        token = settings.own_secret("simulator.token")
        account_sid = "AC" + hashlib.sha256(token.encode()).hexdigest()[:32]
        api = f"{settings.base_url}/phone/carrier"
        known.append(Carrier("simulator", account_sid, api, user=account_sid, secret=token, tokens=(token,)))
    return {carrier.account_sid: carrier for carrier in known}


class _Anonymous(AuthBase):
    """No credentials at all: without this, requests looks for some in the user's ``.netrc``."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


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
