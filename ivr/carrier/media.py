"""Fetching a recording from its carrier: our credentials go to nobody else, and nothing but sound comes back."""

import re
from dataclasses import dataclass

from ivr.carrier.account import Carrier, good, unreached
from ivr.carrier.errors import Broken, Damaged
from ivr.carrier.sound import Measured, NotSound, measure
from ivr.outbound.connect import NotAllowed, Unreachable
from ivr.outbound.http import READ_S, Answer, Limits, Silent, follow

SID = re.compile(r"[A-Za-z0-9-]{1,64}")
MAX_BYTES = 100 * 2**20  # Record ends after 120 s: two megabytes; more than this is no message
MAX_S = 60.0  # for the whole body, however slowly it drips
FIRST_READ_S = 3.0  # without a byte: who hangs at first is tried again where it holds up nobody
SOUND = {"Accept": "audio/*"}


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound file, and what was measured of it."""

    data: bytes
    measured: Measured


def fetch(carrier: Carrier, sid: str, *, first: bool = False, max_s: float = MAX_S) -> Sound:
    """The sound file of one recording, its address rebuilt from the SID: no URL of a request is ever used.

    ``first``: a try that gives up soon when nothing comes. Raises ``NotGiven``, never anything else; ``Damaged`` for
    what calls itself sound and is none.
    """
    if not SID.fullmatch(sid):
        raise Broken("this is no recording's SID")
    try:
        answer = follow(
            carrier.url(f"Recordings/{sid}.wav"),
            reach=carrier.reach,
            hosts=carrier.media_hosts,
            headers=SOUND,
            user=carrier.login,
            limits=Limits(max_s, MAX_BYTES, FIRST_READ_S if first else READ_S),
        )
    except NotAllowed as error:
        raise Broken(f"not fetched ({str(error) or 'a private network'}); see TWILIO_MEDIA_HOSTS") from None
    except (Unreachable, Silent) as error:
        raise unreached(error) from None
    sound = _audio(good(answer))
    try:
        return Sound(sound, measure(sound))
    except NotSound as error:
        raise Damaged(f"the carrier answered with {error}") from None


def _audio(answer: Answer) -> bytes:
    """The body, when it is whole and of a kind that is sound."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not kind.startswith("audio/") or "content-encoding" in answer.headers:
        raise Damaged("the carrier answered with something that is not sound")
    match answer.cut:
        case "size":
            raise Broken(f"the sound file is larger than {MAX_BYTES >> 20} MB")
        case "time":
            raise Broken("the sound file takes too long")
        case "short":
            raise Broken("the sound file came only in part")
    if not answer.body:
        raise Damaged("the sound file is empty")
    return answer.body
