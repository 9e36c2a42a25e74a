"""Which carriers bring us calls, and where their recordings are."""

import hashlib
import re
from dataclasses import dataclass, field
from urllib.parse import quote

from ivr.carrier.media import Broken, NoRecording, NotReady, Refused, download
from ivr.settings import Settings

__all__ = ["SID", "Broken", "Carrier", "NoRecording", "NotReady", "Refused", "carriers"]

SID = re.compile(r"[A-Za-z0-9-]{1,64}")


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
        """The sound file of one recording, its address rebuilt from the SID: no URL of a request is ever used.

        Raises ``NotReady``, ``Refused`` or ``Broken``, never anything else.
        """
        if not SID.fullmatch(sid):
            raise Broken("this is no recording's SID")
        path = f"/2010-04-01/Accounts/{quote(self.account_sid, safe='')}/Recordings/{sid}.wav"
        return download(self.api_base_url, path, self.user, self.secret)


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
