"""One HTTP exchange with somebody else's server: who is asked, with whose key, how long we wait, how much we take.

No ``.netrc`` is read. A proxy that the operator named in ``HTTPS_PROXY`` is used for https, see ``proxy``.
"""

import http.client
import json
from base64 import b64encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote, urljoin, urlsplit

from ivr.outbound import proxy
from ivr.outbound.addresses import Reach, host_of, is_local, is_named, reach_of
from ivr.outbound.connect import Deadline, NotAllowed, dial, encrypt, trusted

READ_S = 10.0  # without a single byte
CHUNK_BYTES = 64 * 2**10
MAX_REDIRECTS = 2
REDIRECTS = (301, 302, 303, 307, 308)
UNESCAPED = "!#$%&'()*+,/:;=?@[]~"  # a path and a query may hold these; what is escaped stays as it is

User = tuple[str, str]
"""A name and a password, for HTTP Basic authentication."""


class Silent(Exception):
    """It was handed over, and no answer came in time: it may have been taken all the same. The text says why."""


@dataclass(frozen=True, slots=True)
class Limits:
    """``whole_s``: for everything from connecting to the last byte. ``max_bytes``: of the answer's body. ``read_s``:
    without a single byte.
    """

    whole_s: float = 20.0
    max_bytes: int = 64 * 2**10
    read_s: float = READ_S


USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered. Header names are in small letters.

    ``cut`` says why ``body`` is not all of it: it is larger than we take, it took longer than we wait, or the
    connection ended before all was there that had been promised.
    """

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: Literal["", "size", "time", "short"] = ""

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def json(self) -> dict[str, Any]:
        """The answer's object; empty when it is none."""
        try:
            said = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return said if isinstance(said, dict) else {}


def ask(
    method: str,
    url: str,
    *,
    reach: Reach,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    user: User | None = None,
    limits: Limits | None = None,
) -> Answer:
    """One request and its answer, whatever it says; a redirect is an answer like any other.

    Raises ``NotAllowed``, ``Unreachable`` or ``Silent``.
    """
    limits = limits or USUAL
    return _exchange(method, url, reach, body, headers or {}, user, limits, Deadline(limits.whole_s))


def follow(
    url: str, *, reach: Reach, hosts: Collection[str], headers: Mapping[str, str], user: User, limits: Limits
) -> Answer:
    """What is at *url*, or where its server redirects: on that server itself, or without our credentials on *hosts*.

    Those are asked over https and in the public network only; a server on this machine may redirect within it. Raises
    as ``ask`` does, ``NotAllowed`` for a redirect that is not followed: its text names the host.
    """
    home, deadline, local = _origin(url), Deadline(limits.whole_s), is_local(url)
    login: User | None = user
    for _ in range(1 + MAX_REDIRECTS):
        answer = _exchange("GET", url, reach, None, headers, login, limits, deadline)
        if answer.status not in REDIRECTS or "location" not in answer.headers:
            return answer
        url = _onward(url, answer.headers["location"])
        if _origin(url) == home:
            continue
        login, onward = None, reach_of(url, local=local)
        if onward is None or not (onward is Reach.HERE if local else is_named(host_of(url), hosts)):
            raise NotAllowed(f"a redirect to {host_of(url)}")
        reach = onward
    raise NotAllowed("too many redirects")


def _onward(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise NotAllowed("a redirect to no address") from None


def _exchange(
    method: str,
    url: str,
    reach: Reach,
    body: bytes | None,
    headers: Mapping[str, str],
    user: User | None,
    limits: Limits,
    deadline: Deadline,
) -> Answer:
    host, parts = host_of(url), urlsplit(url)
    if not host or parts.scheme not in ("http", "https"):
        raise NotAllowed
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    make = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    target = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=UNESCAPED)
    connection = make(host, port)
    between = proxy.of(url) if secure and reach is not Reach.HERE else None
    dialled = between.dial if between else dial
    connection.sock = dialled(host, port, reach, limits.read_s)
    with deadline.over(connection.sock):
        try:
            if between:
                between.tunnel(connection.sock, host, port)
            if secure:
                connection.sock = encrypt(connection.sock, host, trusted())
            connection.request(method, target, body, {"Connection": "close", **_login(user), **headers})
            response = connection.getresponse()
            if deadline.passed:  # what was read of the head may be half of it
                raise Silent("time")
            content, cut = _read(response, limits.max_bytes, deadline)
        except (OSError, http.client.HTTPException) as error:
            raise Silent("time" if deadline.passed else type(error).__name__) from None
        finally:
            connection.close()
    return Answer(response.status, content, {name.lower(): value for name, value in response.getheaders()}, cut)


def _read(
    response: http.client.HTTPResponse, max_bytes: int, deadline: Deadline
) -> tuple[bytes, Literal["", "size", "time", "short"]]:
    """The body as far as we take it, and why it ends before its end."""
    body = bytearray()
    try:
        while len(body) <= max_bytes and (chunk := response.read1(CHUNK_BYTES)):
            body += chunk
    except http.client.IncompleteRead:
        return bytes(body[:max_bytes]), "time" if deadline.passed else "short"
    if deadline.passed:
        return bytes(body[:max_bytes]), "time"
    if len(body) > max_bytes:
        return bytes(body[:max_bytes]), "size"
    return bytes(body), "short" if response.length else ""


def _login(user: User | None) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(":".join(user).encode()).decode()} if user else {}


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    return parts.scheme, host_of(url), parts.port
