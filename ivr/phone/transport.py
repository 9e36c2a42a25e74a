"""How do a phone's requests travel? Over the network, or into a Flask test client."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

import requests

CONNECT_S, READ_S = 5.0, 15.0  # Twilio's own, https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides

Body = Mapping[str, str] | bytes | None


class NoAnswer(Exception):
    """Nobody answered. ``why`` in Twilio's words: ``ct`` no connection, ``rt`` no answer on it."""

    def __init__(self, why: Literal["ct", "rt"]) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Answer:
    """What an HTTP server answered. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")


Transport = Callable[[str, str, Body, Mapping[str, str]], Answer]
"""``(method, url, body, headers)`` to ``Answer``; a mapping is sent as a form. Raises ``NoAnswer``."""


def over_http() -> Transport:
    """The network. Each thread keeps its own connections; redirects are not followed: they would lose the form."""
    local = threading.local()

    def send(method: str, url: str, body: Body, headers: Mapping[str, str]) -> Answer:
        if not hasattr(local, "session"):
            local.session = requests.Session()
            local.session.trust_env = False  # neither a proxy nor somebody's .netrc is between Twilio and us
        try:
            response = local.session.request(
                method, url, data=body, headers=dict(headers), timeout=(CONNECT_S, READ_S), allow_redirects=False
            )
        except requests.ReadTimeout:
            raise NoAnswer("rt") from None
        except requests.RequestException:
            raise NoAnswer("ct") from None
        return Answer(response.status_code, lower(response.headers.items()), response.content)

    return send


def lower(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}
