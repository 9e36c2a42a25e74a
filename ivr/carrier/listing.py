"""What the carrier has of ours: its calls, its recordings, our numbers there. Read page by page, and never without end.

Whatever stands in a list is somebody else's word: a row that makes no sense is left out, an address of the next page
gives no more than its query. Source: https://www.twilio.com/docs/usage/twilios-response#response-formats-list-paging-information
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from ivr.carrier.account import Carrier
from ivr.carrier.errors import Broken

PAGE_ROWS = 1000  # as many as Twilio puts on one
LATEST_ROWS = 20  # between two numbers within a minute there is one
MAX_PAGES = 100  # a hundred thousand calls, more than any day has
MAX_S = 300.0  # for all of them

Row = Mapping[str, Any]


class Endless(Broken):
    """There were more pages than we read; what they held comes in when the window is narrower."""

    trouble = "endless"


@dataclass(frozen=True, slots=True)
class ListedCall:
    """``caller`` and ``called`` as the carrier writes them. ``ended_at`` None: it goes on, as far as it says.

    ``ours``: we had it placed.
    """

    sid: str
    caller: str
    called: str
    status: str
    inbound: bool
    started_at: datetime
    ended_at: datetime | None
    ours: bool = False


@dataclass(frozen=True, slots=True)
class ListedRecording:
    """``seconds`` as the carrier writes it: a number, or anything else."""

    sid: str
    call_sid: str
    status: str
    source: str
    seconds: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ListedNumber:
    """``urls``: wherever its calls and their news are sent."""

    number: str
    urls: tuple[str, ...]


def calls(carrier: Carrier, since: datetime, until: datetime) -> Iterator[ListedCall]:
    """Those that began in this time, as far as the carrier minds when it ends.

    Raises ``NotGiven``; ``Endless`` at the end of what was read.
    """
    for row in _rows(carrier, "Calls", {"StartTime>": _written(since), "StartTime<": _written(until)}):
        call = _call(row)
        if call and call.started_at >= since:
            yield call


def call(carrier: Carrier, sid: str) -> ListedCall | None:
    """This one; None when what the carrier says of it makes no sense. Raises ``NotGiven``."""
    return _call(carrier.read(f"Calls/{quote(sid, safe='')}.json", {}))


def latest(carrier: Carrier, *, to: str, caller: str) -> Iterator[ListedCall]:
    """The newest calls between these numbers (E.164), newest first; queued ones, too. Raises ``NotGiven``."""
    page = carrier.read("Calls.json", {"To": to, "From": caller, "PageSize": LATEST_ROWS})
    rows = page.get(KEYS["Calls"])
    if not isinstance(rows, list):
        raise Broken("the carrier answered with something that is no list")
    yield from (call for row in rows if isinstance(row, dict) and (call := _call(row)))


def recordings(carrier: Carrier, since: datetime, until: datetime) -> Iterator[ListedRecording]:
    """Those that were made in this time, likewise. Raises ``NotGiven``; ``Endless`` at the end of what was read."""
    for row in _rows(carrier, "Recordings", {"DateCreated>": _written(since), "DateCreated<": _written(until)}):
        made_at = _moment(row, "date_created") or _moment(row, "start_time")
        if made_at and made_at >= since:
            sid, call_sid, status, source, seconds = (_text(row, name) for name in RECORDING)
            yield ListedRecording(sid, call_sid, status, source, seconds, made_at)


RECORDING = ("sid", "call_sid", "status", "source", "duration")


def numbers(carrier: Carrier) -> Iterator[ListedNumber]:
    """Those of the account. Raises ``NotGiven``."""
    for row in _rows(carrier, "IncomingPhoneNumbers", {}):
        urls = (_text(row, name) for name in ("voice_url", "voice_fallback_url", "status_callback"))
        yield ListedNumber(_text(row, "phone_number"), tuple(url for url in urls if url))


KEYS = {"Calls": "calls", "Recordings": "recordings", "IncomingPhoneNumbers": "incoming_phone_numbers"}


def _rows(carrier: Carrier, resource: str, query: Mapping[str, Any]) -> Iterator[Row]:
    """Each row once, by its SID. A list that leads back to a page we had, or to nothing new, has ended."""
    until_s = time.monotonic() + MAX_S
    asked, seen = {**query, "PageSize": PAGE_ROWS}, set[str]()
    for _ in range(MAX_PAGES):
        page = carrier.read(f"{resource}.json", asked)
        rows = page.get(KEYS[resource])
        if not isinstance(rows, list):
            raise Broken("the carrier answered with something that is no list")
        new = {_text(row, "sid"): row for row in rows if isinstance(row, dict) and _text(row, "sid") not in seen}
        new.pop("", None)
        seen.update(new)
        yield from new.values()
        asked = _next(page)
        if not asked or not new:
            return
        if time.monotonic() > until_s:
            break
    raise Endless(f"the carrier's list of {resource} does not end")


def _next(page: Row) -> dict[str, Any]:
    """What is to be asked for the next page; empty on the last. Where it is asked is for us to know."""
    try:
        return dict(parse_qsl(urlsplit(_text(page, "next_page_uri")).query))
    except ValueError:
        return {}


def _call(row: Row) -> ListedCall | None:
    started_at = _moment(row, "start_time") or _moment(row, "date_created")
    if not started_at or not _text(row, "sid"):
        return None
    ended_at = _moment(row, "end_time")
    return ListedCall(
        sid=_text(row, "sid"),
        caller=_text(row, "from"),
        called=_text(row, "to"),
        status=_text(row, "status"),
        inbound=_text(row, "direction") in ("inbound", "") and not _text(row, "parent_call_sid"),
        started_at=started_at,
        ended_at=max(ended_at, started_at) if ended_at else None,
        ours=_text(row, "direction") == "outbound-api",
    )


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _moment(row: Row, name: str) -> datetime | None:
    """A time as Twilio writes it (RFC 2822), or as others do (ISO 8601); one that has not come yet is now."""
    text = _text(row, name)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError):
            return None
    try:
        return min((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC), datetime.now(UTC))
    except OverflowError:
        return None


def _written(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
