"""Handing something to a service over HTTP: only to places we may go to, never waiting long, never redirected."""

import ipaddress
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import NewConnectionError

from ivr.notify.errors import Busy, Down, NotAllowed, Rejected, Silent, Unreachable
from ivr.settings import LOOPBACK

CONNECT_S, READ_S = 5.0, 10.0
WHOLE_S = 20.0  # for the whole answer, however slowly it drips
MAX_BYTES = 64 * 1024  # of an answer: these services say a sentence
JSON = {"Content-Type": "application/json; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered."""

    status: int
    body: bytes
    retry_after: str = ""

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def json(self) -> dict[str, Any]:
        """The answer's object; empty when it is none."""
        try:
            said = json.loads(self.body)
        except ValueError:
            return {}
        return said if isinstance(said, dict) else {}


def is_local(url: str) -> bool:
    return urlsplit(url).hostname in LOOPBACK


def allowed(url: str, *, local: bool) -> bool:
    """Whether a notice may go to this address: https anywhere in public; this machine only when we are a demo on it.

    Names are looked at again when we are connected, see ``_PublicConnection``.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - reading it is what fails
    except ValueError:
        return False
    if is_local(url):
        return local and parts.scheme in ("http", "https")
    if parts.scheme != "https" or not host or parts.username:
        return False
    try:
        return _is_public(host)
    except ValueError:  # a name
        return "." in host.strip(".")


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    local: bool,
    trusted: bool = False,
    user: tuple[str, str] | None = None,
) -> Answer:
    """Send *body* and give back what came, whatever it says; see ``good``.

    ``local``: we are a demo on this machine. ``trusted``: the operator configured the address, a private one is fine;
    others are refused when they lead there, whatever their name claimed before.

    Raises ``NotAllowed``, ``Unreachable`` or ``Silent``.
    """
    return _ask("POST", url, body, headers, local=local, trusted=trusted, user=user)


def get(url: str, *, user: tuple[str, str]) -> Answer:
    """Look something up at an address the operator configured. Raises as ``post`` does."""
    return _ask("GET", url, b"", {}, local=True, trusted=True, user=user)


def good(answer: Answer) -> Answer:
    """The answer, when its status is one of success. Raises ``Busy``, ``Down`` or ``Rejected``."""
    match answer.status:
        case HTTPStatus.TOO_MANY_REQUESTS:
            raise Busy(f"HTTP {answer.status}", wait_s=_seconds(answer.retry_after))
        case status if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Down(f"HTTP {status}", wait_s=_seconds(answer.retry_after))
        case status if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise Rejected(f"HTTP {status} {answer.text[:100]}")
    return answer


def _ask(
    method: str,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    local: bool,
    trusted: bool,
    user: tuple[str, str] | None,
) -> Answer:
    if not trusted and not allowed(url, local=local):
        raise NotAllowed
    with requests.Session() as session:
        if not trusted and not is_local(url):
            session.mount("https://", _PublicOnly())
        try:
            response = session.request(
                method,
                url,
                data=body,
                headers=dict(headers),
                auth=user or _nobody,
                # no proxy of the operator's knows the way to this machine
                proxies={"no_proxy": ",".join(LOOPBACK)} if is_local(url) else None,
                timeout=(CONNECT_S, READ_S),
                allow_redirects=False,  # what we send is a secret of this address alone
                stream=True,
            )
            return Answer(response.status_code, _body(response.raw), response.headers.get("Retry-After", ""))
        except (requests.ConnectTimeout, requests.exceptions.SSLError, requests.exceptions.InvalidURL) as error:
            raise Unreachable(type(error).__name__) from None
        except requests.ConnectionError as error:
            reason = getattr(error.args[0] if error.args else None, "reason", None)
            unheard = isinstance(reason, NewConnectionError)
            raise (Unreachable if unheard else Silent)(type(reason or error).__name__) from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise Silent(type(error).__name__) from None


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """No credentials: without this, requests looks for some in the user's ``.netrc``."""
    return request


def _body(raw: urllib3.HTTPResponse) -> bytes:
    """What the connection delivers, up to our limits of size and time."""
    deadline = time.monotonic() + WHOLE_S
    body = bytearray()
    while len(body) < MAX_BYTES and time.monotonic() < deadline and (chunk := raw.read1(MAX_BYTES)):
        body += chunk
    return bytes(body[:MAX_BYTES])


def _seconds(retry_after: str) -> float:
    """``Retry-After`` in seconds: it is a number of them, or a date."""
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    return max(0.0, (until - datetime.now(UTC)).total_seconds()) if until.tzinfo else 0.0


def _is_public(address: str) -> bool:
    """Whether an IP address is one of the public network. Raises ``ValueError`` when it is no address."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None)
    return (inner or found).is_global


class _PublicConnection(HTTPSConnection):
    """Looks whom it is connected to before it says a word: a name may lead anywhere, and elsewhere the next moment."""

    def _new_conn(self) -> Any:
        connected = super()._new_conn()
        if not _is_public(connected.getpeername()[0]):
            connected.close()
            raise NotAllowed
        return connected


class _PublicPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _PublicConnection


class _PublicOnly(HTTPAdapter):
    """Connects to public addresses alone. A proxy that the operator configured is trusted, and goes where it may."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"https": _PublicPool}
