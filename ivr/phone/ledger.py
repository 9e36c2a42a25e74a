"""Was anything lost? What the phones did, held against what the hotline's API shows."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlencode

from ivr.phone.handset import Handset
from ivr.phone.line import Exchange
from ivr.phone.transport import NoAnswer, Transport

Item = dict[str, Any]


class Caller(Protocol):
    """Who made a call. ``told``: they said or chose something that must not be lost."""

    @property
    def kind(self) -> str: ...
    @property
    def told(self) -> bool: ...


class ApiError(Exception):
    """The API did not answer as it must; the text says where and how."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One call that was made. ``messages`` are the SIDs of its recordings; times are of its webhooks."""

    sid: str
    kind: str
    told: bool
    messages: tuple[str, ...]
    webhooks_ms: tuple[float, ...]
    failures: tuple[str, ...]
    repeated: int
    differing: int


def entry(phone: Handset, person: Caller) -> Entry:
    return Entry(
        sid=phone.sid,
        kind=person.kind,
        told=person.told,
        messages=tuple(message.sid for message in phone.messages if message.seconds),
        webhooks_ms=tuple(each.ms for each in phone.exchanges),
        failures=tuple(_failure(each) for each in phone.exchanges if not each.ok),
        repeated=sum(each.again is not None for each in phone.exchanges),
        differing=len(phone.differing),
    )


def _failure(exchange: Exchange) -> str:
    return f"{exchange.answer.status if exchange.answer else 'no answer'} {exchange.path}"


@dataclass(frozen=True, slots=True)
class Lost:
    """Something a caller did that the hotline does not show."""

    call_sid: str
    kind: str
    what: str

    def __str__(self) -> str:
        return f"{self.call_sid} ({self.kind}): {self.what}"


def lost(entries: Iterable[Entry], calls: Iterable[Item], tickets: Iterable[Item]) -> list[Lost]:
    """Calls without a row, callers who told something without a ticket, messages that are on none."""
    known = {call["call_sid"] for call in calls}
    recordings: dict[str, set[str]] = {}
    for ticket in tickets:
        for sid in ticket["call_sids"]:
            recordings.setdefault(sid, set()).update(recording["sid"] for recording in ticket["recordings"])
    return [
        Lost(made.sid, made.kind, what) for made in entries for what in _missing(made, known, recordings.get(made.sid))
    ]


def _missing(made: Entry, known: set[str], recordings: set[str] | None) -> Iterator[str]:
    if made.sid not in known:
        yield "the call is not in the log"
    if made.told and recordings is None:
        yield "something was said or chosen, but there is no ticket"
    for message in made.messages:
        if message not in (recordings or ()):
            yield f"recording {message} is on no ticket"


@dataclass(frozen=True, slots=True)
class Api:
    """The hotline's own account of the day."""

    base_url: str  # ends with /api/v1
    token: str
    transport: Transport

    def calls(self, since: datetime) -> list[Item]:
        return list(self._list("calls", since=since.isoformat()))

    def tickets(self, since: datetime, call_sids: Iterable[str]) -> list[Item]:
        """Tickets opened since then, and older ones that these calls have joined."""
        found = list(self._list("tickets", since=since.isoformat()))
        there = {sid for ticket in found for sid in ticket["call_sids"]}
        for sid in set(call_sids) - there:
            found += self._list("tickets", call_sid=sid)
        return found

    def _list(self, name: str, **query: str) -> Iterator[Item]:
        """Every item of a list, page by page. Raises ``ApiError``."""
        while True:
            url = f"{self.base_url.rstrip('/')}/{name}?{urlencode(query)}"
            try:
                answer = self.transport("GET", url, None, {"Authorization": f"Bearer {self.token}"})
            except NoAnswer:
                raise ApiError(f"{name}: nobody answers at {self.base_url}") from None
            if not answer.ok:
                raise ApiError(f"{name}: the API answered {answer.status}")
            page = json.loads(answer.body)
            yield from page["items"]
            if page["next"] is None:
                return
            query["cursor"] = page["next"]


def counted(tickets: Iterable[Item]) -> tuple[Counter[str], Counter[str]]:
    """Tickets by need and by community."""
    distinct = {ticket["number"]: ticket for ticket in tickets}.values()
    needs = Counter(ticket["need"] or "unknown" for ticket in distinct)
    places = Counter(ticket["community"]["name"] if ticket["community"] else "unknown" for ticket in distinct)
    return needs, places
