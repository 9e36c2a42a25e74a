"""Where do the calls lie that the hotline places at a fake carrier? A stand-in for its Calls API, files in a folder.

    POST, GET /phone/carrier/2010-04-01/Accounts/<account>/Calls.json
    GET       …/Calls/<call>.json

https://www.twilio.com/docs/voice/api/call-resource. Whoever holds one of the fake telephones picks up; one that nobody
picks up has rung out by itself.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from ivr.phone.leg import new_sid
from ivr.phone.rung import Placed

QUEUED, NO_ANSWER = "queued", "no-answer"
KEPT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """A placed call. ``status`` in Twilio's words; ``rings_until``: nobody picks up later."""

    placed: Placed
    at: datetime
    rings_until: datetime
    status: str = QUEUED

    def now(self, moment: datetime) -> str:
        """How it stands at this moment."""
        return NO_ANSWER if self.status == QUEUED and moment >= self.rings_until else self.status


class Calls:
    """Placed calls by their SIDs, newest first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def place(self, to: str, caller: str, url: str, status_url: str, fallback_url: str, ring_s: int) -> Kept:
        now = datetime.now(UTC)
        placed = Placed(new_sid("CA"), to, caller, url, status_url, fallback_url)
        kept = Kept(placed, now, now + timedelta(seconds=ring_s))
        self._write(kept)
        return kept

    def find(self, sid: str) -> Kept | None:
        """The call of this SID."""
        return next((each for each in self.all() if each.placed.sid == sid), None)

    def all(self) -> Iterator[Kept]:
        """Those of the last hour; older ones go."""
        now = datetime.now(UTC)
        for path in sorted(self.folder.glob("CA*.json"), key=lambda path: path.stat().st_mtime, reverse=True):
            kept = _read(path)
            if now - kept.at > KEPT:
                path.unlink(missing_ok=True)
            else:
                yield kept

    def ringing(self) -> list[Kept]:
        """Those that somebody could pick up now."""
        now = datetime.now(UTC)
        return [each for each in self.all() if each.now(now) == QUEUED]

    def stands(self, sid: str, status: str) -> None:
        """Somebody has picked up, or put down."""
        if kept := self.find(sid):
            self._write(replace(kept, status=status))

    def _write(self, kept: Kept) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        told = asdict(kept) | {"at": kept.at.isoformat(), "rings_until": kept.rings_until.isoformat()}
        with tempfile.NamedTemporaryFile("w", dir=self.folder, delete=False) as file:
            json.dump(told, file)
        os.replace(file.name, self.folder / f"{kept.placed.sid}.json")


def _read(path: Path) -> Kept:
    told = json.loads(path.read_text())
    at, until = (datetime.fromisoformat(told[name]) for name in ("at", "rings_until"))
    return Kept(Placed(**told["placed"]), at, until, told["status"])


def add_to(bp: Blueprint, calls: Calls) -> None:
    """The Calls API, below the account's address, to whoever *bp* lets in."""

    @bp.post("/Calls.json")
    def place(account: str) -> tuple[Response, int]:
        try:
            form = {name: request.form[wanted] for name, wanted in FIELDS.items()}
            kept = calls.place(**form, ring_s=int(request.form.get("Timeout", "60")))
        except (KeyError, ValueError):
            abort(400)
        return jsonify(row(kept)), 201

    @bp.get("/Calls.json")
    def listed(account: str) -> Response:
        to, caller = request.args.get("To"), request.args.get("From")
        found = [each for each in calls.all() if to in (None, each.placed.to) and caller in (None, each.placed.caller)]
        return jsonify(calls=[row(each) for each in found], next_page_uri=None)

    @bp.get("/Calls/<sid>.json")
    def one(account: str, sid: str) -> Response:
        kept = calls.find(sid)
        return jsonify(row(kept)) if kept else abort(404)


FIELDS = {
    "to": "To",
    "caller": "From",
    "url": "Url",
    "status_url": "StatusCallback",
    "fallback_url": "FallbackUrl",
}


def row(kept: Kept) -> dict[str, Any]:
    """As the carrier's API describes it; with the addresses, which only a stand-in tells."""
    now = datetime.now(UTC)
    status = kept.now(now)
    return {
        "sid": kept.placed.sid,
        "to": kept.placed.to,
        "from": kept.placed.caller,
        "status": status,
        "direction": "outbound-api",
        "start_time": format_datetime(kept.at),
        "end_time": format_datetime(now) if status in (NO_ANSWER, "completed", "busy", "failed") else None,
        "parent_call_sid": None,
        "url": kept.placed.url,
        "status_callback": kept.placed.status_url,
        "fallback_url": kept.placed.fallback_url,
    }
