"""The operator's proxy, where a network has no other way out.

``HTTPS_PROXY`` names it, ``NO_PROXY`` lists the exceptions. Only https goes through it, in a tunnel: it sees the
name of the host and no more.
"""

import http.client
import socket
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from requests.utils import get_environ_proxies, select_proxy

from ivr.outbound import connect
from ivr.outbound.addresses import Reach
from ivr.outbound.connect import Unreachable


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where it listens; ``login`` is what it wants to see before it lets us through, or empty."""

    host: str
    port: int
    login: str = field(repr=False)

    def dial(self, host: str, port: int, reach: Reach, read_s: float) -> socket.socket:
        """A connection to the proxy, for a ``tunnel`` to *host*.

        In many such networks the proxy alone can resolve names; where we can, too, the same addresses are refused as
        without a proxy. Raises ``NotAllowed`` or ``Unreachable``.
        """
        if reach is Reach.PUBLIC:
            with suppress(Unreachable):
                connect.judged(host, port, reach)
        return connect.dial(self.host, self.port, Reach.CONFIGURED, read_s)

    def tunnel(self, connection: socket.socket, host: str, port: int) -> None:
        """Have the proxy connect us to *host*. Raises ``Unreachable`` when it does not.

        Source: https://www.rfc-editor.org/rfc/rfc9110#CONNECT
        """
        where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        login = f"Proxy-Authorization: Basic {self.login}\r\n" if self.login else ""
        try:
            connection.sendall(f"CONNECT {where} HTTP/1.1\r\nHost: {where}\r\n{login}\r\n".encode())
            with http.client.HTTPResponse(connection, method="CONNECT") as answer:
                answer.begin()
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(f"the proxy: {type(error).__name__}") from None
        if answer.status != HTTPStatus.OK:
            raise Unreachable(f"the proxy answered {answer.status}")


def of(url: str) -> Proxy | None:
    """The proxy that the environment names for this URL. Raises ``Unreachable`` for one that we cannot use."""
    named = select_proxy(url, get_environ_proxies(url))
    if not named:
        return None
    try:
        parts = urlsplit(named if "://" in named else f"http://{named}")
        port = parts.port or 80
    except ValueError:
        raise Unreachable("HTTPS_PROXY is no address") from None
    if parts.scheme != "http" or not parts.hostname:
        raise Unreachable("HTTPS_PROXY must begin with http://")
    user = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else ""
    return Proxy(parts.hostname, port, b64encode(user.encode()).decode())
