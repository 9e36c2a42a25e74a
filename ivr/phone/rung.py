"""How does a call go that the hotline places? Somebody's telephone rings, and they pick up, or do not."""

import json
from base64 import b64encode
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlsplit

from ivr.phone.handset import Handset
from ivr.phone.leg import Pace, at_once
from ivr.phone.line import API_VERSION, Line


@dataclass(frozen=True, slots=True)
class Placed:
    """A call as it was asked of the carrier. Numbers are E.164.

    https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource
    """

    sid: str
    to: str
    caller: str
    url: str
    status_url: str
    fallback_url: str


class Rung(Handset):
    """The telephone that a placed call rings. ``pick_up`` answers it; what follows is done as on any other."""

    direction = "outbound-api"

    def __init__(
        self, line: Line, placed: Placed, *, repeats: bool = False, holds: bool = False, pace: Pace = at_once
    ) -> None:
        here = replace(line, fallback_path=urlsplit(placed.fallback_url).path)
        super().__init__(here, placed.caller, placed.to, repeats=repeats, holds=holds, pace=pace)
        self.sid, self.status_url = placed.sid, placed.status_url
        self._course = self.follow(placed.url)

    def pick_up(self) -> Self:
        self.status = "in-progress"
        return self.dial()

    def does_not_answer(self, why: str = "no-answer") -> Self:
        """Nobody picks up; ``busy`` and ``failed`` are other reasons."""
        self.status, self.ended = why, "line"
        self.line.request(self.status_url, self.form(CallDuration="0"))
        return self


def ringing(line: Line) -> list[Placed]:
    """The calls that nobody has picked up yet, oldest first, as the stand-in for the carrier's API lists them.

    Raises ``NoAnswer``.
    """
    login = b64encode(f"{line.account_sid}:{line.auth_token}".encode()).decode()
    url = f"{line.recordings_url}/{API_VERSION}/Accounts/{line.account_sid}/Calls.json"
    answer = line.transport("GET", url, None, {"Authorization": f"Basic {login}"})
    rows = json.loads(answer.body)["calls"] if answer.ok else []
    return [
        Placed(row["sid"], row["to"], row["from"], row["url"], row["status_callback"], row["fallback_url"])
        for row in reversed(rows)
        if row["status"] == "queued"
    ]
