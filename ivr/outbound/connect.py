"""Connecting: the name is resolved once, every address of it is judged, and one that was judged is connected."""

import os
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

import certifi

from ivr.outbound.addresses import Reach

CONNECT_S = 5.0  # for looking a name up, and again for connecting to each of its addresses
MAX_ADDRESSES = 4  # of one name that are tried, so that the whole takes 25 s at the most


class NotAllowed(Exception):
    """The address leads to where we do not go. Nobody was connected, whether somebody listens there or not."""


class Unreachable(Exception):
    """Nobody answers there, or they cannot prove who they are: nothing was handed over. The text says why."""


class Deadline:
    """An end for a whole exchange: a timeout of a socket begins anew with every byte, and some come slowly.

    When the time is over the connection is shut down, and whoever reads there finds its end: ask ``passed`` then.
    """

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds
        self.passed = False

    @contextmanager
    def over(self, connection: socket.socket) -> Iterator[None]:
        """Keep this connection within the time, whatever becomes of the socket: TLS takes it over and gives another."""
        with socket.socket(fileno=os.dup(connection.fileno())) as twin:
            timer = threading.Timer(max(0.0, self._ends_at - time.monotonic()), self._end, (twin,))
            timer.daemon = True
            timer.start()
            try:
                yield
            finally:
                timer.cancel()
                timer.join()

    def _end(self, connection: socket.socket) -> None:
        self.passed = True
        with suppress(OSError):  # the other side has just ended it
            connection.shutdown(socket.SHUT_RDWR)


def dial(host: str, port: int, reach: Reach, read_s: float) -> socket.socket:
    """A connection to *host*, on which no read or write takes longer than *read_s*.

    All addresses of the name must lie within *reach*, and the connection goes to one of those very addresses: a name
    server that says something else the next moment is not asked again. Raises ``NotAllowed`` or ``Unreachable``.
    """
    found = judged(host, port, reach)
    connection, peer = _first_open(found[:MAX_ADDRESSES])
    if not reach.covers(peer):
        connection.close()
        raise NotAllowed
    connection.settimeout(read_s)
    return connection


def judged(host: str, port: int, reach: Reach) -> list[Any]:
    """The addresses of *host*, all of them within *reach*.

    Raises ``NotAllowed``, or ``Unreachable`` for a name that nobody knows.
    """
    found = _resolve(host, port)
    if not all(reach.covers(str(where[0])) for *_, where in found):
        raise NotAllowed
    return found


def encrypt(connection: socket.socket, host: str, context: ssl.SSLContext) -> ssl.SSLSocket:
    """The same connection, encrypted; its certificate must be the name's. Raises ``Unreachable``."""
    try:
        return context.wrap_socket(connection, server_hostname=host)
    except OSError as error:
        connection.close()
        raise Unreachable(type(error).__name__) from None


@cache
def trusted() -> ssl.SSLContext:
    """Whom we believe who they are: the system's authorities, and certifi's where the system has none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _resolve(host: str, port: int) -> list[Any]:
    """What ``socket.getaddrinfo`` says within our time: by itself it waits as long as the name server likes."""
    answers: queue.SimpleQueue[list[Any] | Exception] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=look_up, daemon=True).start()
    try:
        answer = answers.get(timeout=CONNECT_S)
    except queue.Empty:
        raise Unreachable("the name server does not answer") from None
    if isinstance(answer, Exception) or not answer:
        raise Unreachable(type(answer).__name__)
    return answer


def _first_open(found: list[Any]) -> tuple[socket.socket, str]:
    """A connection to the first address that answers, and whom it is connected to."""
    trouble = ""
    for family, kind, protocol, _, where in found:
        connection = socket.socket(family, kind, protocol)
        connection.settimeout(CONNECT_S)
        try:
            connection.connect(where)
            return connection, str(connection.getpeername()[0])
        except OSError as error:
            connection.close()
            trouble = type(error).__name__
    raise Unreachable(trouble)
