"""Are the account's telephone numbers set to ring here? Reads them by REST, changes nothing."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urldefrag

from ivr.carrier.account import TWILIO, Carrier, carriers, named
from ivr.carrier.errors import NotGiven, Refused
from ivr.carrier.placing import RETRY
from ivr.cli.findings import Finding, bad, note, ok
from ivr.settings import Settings

NUMBERS = "IncomingPhoneNumbers.json"
MAX_NUMBERS = 1000  # what Twilio puts on one page
TWILIO_HOSTED = "https://handler.twilio.com/"  # a TwiML Bin outlives our machine: a good place to fall back to

SETTINGS = (  # what the console calls it, its fields in the API, our path
    ("voice URL", "voice_url", "voice_method", "/voice/incoming"),
    ("fallback URL", "voice_fallback_url", "voice_fallback_method", "/voice/fallback"),
    ("status callback", "status_callback", "status_callback_method", "/voice/status"),
)


class NotRead(Exception):
    """The carrier would not show the numbers. The text says why and what to do."""


def check(settings: Settings) -> Iterator[Finding]:
    """What is wrong with the numbers of the configured account."""
    carrier = named(TWILIO, carriers(settings))
    if carrier is None:
        yield note("TWILIO_ACCOUNT_SID: not set, so only the browser phone and the terminal can ring here")
        return
    try:
        numbers = read(carrier)
    except NotRead as error:
        yield bad(str(error))
        return
    if not numbers:
        yield bad(f"TWILIO_ACCOUNT_SID: {carrier.account_sid} has no telephone number; buy one in the console")
    for number in numbers:
        yield from of(number, settings.base_url)


def read(carrier: Carrier) -> list[Mapping[str, Any]]:
    """The account's numbers. Raises ``NotRead``.

    Source: https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource#read-multiple-incomingphonenumber-resources
    """
    try:
        return list(carrier.read(NUMBERS, {"PageSize": MAX_NUMBERS})["incoming_phone_numbers"])
    except Refused:
        raise NotRead("TWILIO_AUTH_TOKEN: the carrier refuses the credentials; copy them from the console") from None
    except (NotGiven, KeyError, TypeError) as error:
        base = carrier.api_base_url
        raise NotRead(f"TWILIO_API_BASE_URL: {base} cannot be asked for the numbers ({error})") from None


def of(number: Mapping[str, Any], base_url: str) -> Iterator[Finding]:
    """What is wrong with one number, setting by setting; one good line when nothing is."""
    name = number.get("phone_number") or number.get("sid") or "a number"
    findings = [*_overruled(number), *(finding for row in SETTINGS for finding in _setting(number, base_url, *row))]
    yield from (Finding(finding.level, f"{name}: {finding.text}") for finding in findings or [ok("rings here")])


def _overruled(number: Mapping[str, Any]) -> Iterator[Finding]:
    for field, thing in (("trunk_sid", "SIP trunk"), ("voice_application_sid", "TwiML app")):
        if number.get(field):
            yield bad(f"the {thing} {number[field]} answers, whatever the URLs say; take it off the number")


def _setting(
    number: Mapping[str, Any], base_url: str, title: str, url_field: str, method_field: str, path: str
) -> Iterator[Finding]:
    url, method = number.get(url_field) or "", number.get(method_field) or "POST"
    plain, retries = urldefrag(url)
    wanted = base_url + path
    if url_field == "voice_fallback_url" and url.startswith(TWILIO_HOSTED):
        return
    if plain != wanted:
        yield bad(f"the {title} is {url or 'not set'}; set it to {wanted}{RETRY}")
    elif method != "POST":
        yield bad(f"the {title} is requested by {method}; set it to POST")
    elif not retries:
        yield note(f"the {title} is not tried again after a failure; better {wanted}{RETRY}")
