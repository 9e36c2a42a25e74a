"""Calls that we place: asked for once, whatever happens to the answer.

The carrier knows no idempotency key, so a call whose answer was lost is looked for in its list before it is asked for
again. https://www.twilio.com/docs/voice/api/call-resource
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from ivr.carrier.account import Carrier, unreached
from ivr.carrier.errors import Broken, Crowded, NotGiven, Refused, Rejected
from ivr.carrier.listing import latest
from ivr.outbound.connect import NotAllowed, Unreachable
from ivr.outbound.http import Answer, Silent

# Twilio retries nothing but a refused connection unless it is told to. A 4xx is never repeated: a refused signature
# would be. https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
RETRY = "#rc=2&rp=ct,rt,5xx"
CLOCKS_DIFFER = timedelta(minutes=1)  # the carrier's and ours


@dataclass(frozen=True, slots=True)
class Wanted:
    """A call to place. Numbers are E.164, ``caller`` is one of ours.

    ``url`` is asked what is said when somebody answers, ``fallback_url`` when that fails; ``status_url`` is told how it
    ends. ``ring_s``: how long it rings. ``machine_url`` is told, while the call goes on, whether a machine picked up;
    empty: the carrier does not find out.
    """

    to: str
    caller: str
    url: str
    status_url: str
    fallback_url: str
    ring_s: int
    machine_url: str = ""


def place(carrier: Carrier, wanted: Wanted) -> str:
    """Ask for the call; its SID. Raises ``NotGiven``: ``error.in_doubt`` says whether it may have been placed."""
    form = {
        "To": wanted.to,
        "From": wanted.caller,
        "Url": wanted.url + RETRY,
        "FallbackUrl": wanted.fallback_url,
        "StatusCallback": wanted.status_url + RETRY,
        "Timeout": str(wanted.ring_s),
    }
    if wanted.machine_url:  # asynchronous: whoever picks up hears no silence of seconds
        form |= {"MachineDetection": "Enable", "AsyncAmd": "true"}
        form["AsyncAmdStatusCallback"] = wanted.machine_url + RETRY
    try:
        answer = carrier.post("Calls.json", form)
    except (NotAllowed, Unreachable) as error:
        raise unreached(error) from None
    except Silent as error:
        raise _doubtful(unreached(error)) from None
    sid = answer.json.get("sid") if answer.status in (HTTPStatus.OK, HTTPStatus.CREATED) else None
    if isinstance(sid, str) and sid:
        return sid
    raise failure(answer)


def placed(carrier: Carrier, wanted: Wanted, since: datetime, known: Callable[[str], bool]) -> str | None:
    """The SID of such a call that was placed since then, and is not *known* as another one. Raises ``NotGiven``."""
    for call in latest(carrier, to=wanted.to, caller=wanted.caller):
        if call.ours and call.started_at >= since - CLOCKS_DIFFER and not known(call.sid):
            return call.sid
    return None


def failure(answer: Answer) -> NotGiven:
    """Why it was not done. https://www.twilio.com/docs/api/errors names the codes."""
    code = answer.json.get("code")
    number = code if isinstance(code, int) else None
    match answer.status:
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN if number in (None, 20003):
            return Refused("the carrier refuses our credentials: check TWILIO_API_KEY or TWILIO_AUTH_TOKEN")
        case HTTPStatus.TOO_MANY_REQUESTS:
            return Crowded("the carrier takes no more calls just now")
        case status if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status < HTTPStatus.BAD_REQUEST:
            return _doubtful(Broken(f"the carrier answered {status}"))
    return Rejected(f"the carrier does not place this call: error {number or answer.status}", number)


def _doubtful(error: NotGiven) -> NotGiven:
    error.in_doubt = True
    return error
