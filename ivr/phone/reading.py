"""What does a TwiML document say? Bytes in, verbs with Twilio's own defaults out.

Stricter than Twilio where Twilio only logs a warning: an element or attribute this phone does not know is an error, so
that nothing is skipped in silence. Sources: https://www.twilio.com/docs/voice/twiml and the pages of each verb.
"""

import re
from collections.abc import Callable
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from ivr.phone.element import BAD_SCHEMA, BAD_TYPE, BAD_XML, TOO_LARGE, Reader, TwimlError
from ivr.phone.speech import SSML, parts_of, plain
from ivr.phone.verbs import (
    Conference,
    Dial,
    Gather,
    Hangup,
    Number,
    Pause,
    Play,
    Prompt,
    Record,
    Redirect,
    Reject,
    Say,
    Verb,
)

MAX_BYTES = 64 * 1024
XML_TYPES = ("text/xml", "application/xml", "text/html")
AUTO = "auto"


def read(body: bytes, content_type: str, url: str) -> tuple[Verb, ...]:
    """The verbs of a document that came from *url*, which its relative addresses refer to.

    Raises ``TwimlError`` for what Twilio would refuse. An empty tuple ends the call.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in XML_TYPES:
        raise TwimlError(BAD_TYPE, f"Content-Type is {kind or 'missing'}, not text/xml")
    if len(body) > MAX_BYTES:
        raise TwimlError(TOO_LARGE, f"the document has {len(body)} bytes, {MAX_BYTES} are allowed")
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - 64 kB at most, and expat itself stops entity bombs
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise TwimlError(BAD_XML, f"this is no XML document: {error}") from None
    if root.tag != "Response":
        raise TwimlError(BAD_SCHEMA, f"the document begins with <{root.tag}>, not <Response>")
    verbs = Reader(root, url)
    verbs.no_text()
    verbs.done()
    return tuple(_verb(element, url) for element in root)


def _verb(element: Element, url: str) -> Verb:
    if element.tag not in VERBS:
        raise TwimlError(BAD_SCHEMA, f"<{element.tag}> is no verb this phone knows")
    reader = Reader(element, url)
    verb = VERBS[element.tag](reader)
    reader.done()
    return verb


def _say(reader: Reader) -> Say:
    """https://www.twilio.com/docs/voice/twiml/say"""
    for inner in reader.element.iter():
        if inner is not reader.element and inner.tag not in SSML:
            raise TwimlError(BAD_SCHEMA, f"<Say> cannot hold <{inner.tag}>")
    parts, rate = parts_of(reader.element)
    if not plain(parts):
        raise TwimlError(BAD_SCHEMA, "<Say> has nothing to say")
    return Say(parts, reader.text("voice"), reader.text("language", "en-US"), rate, reader.whole("loop", 1, 0))


def _play(reader: Reader) -> Play:
    return Play(reader.content_url(), reader.whole("loop", 1, 0))


def _pause(reader: Reader) -> Pause:
    reader.empty()
    return Pause(reader.whole("length", 1, 1))


def _gather(reader: Reader) -> Gather:
    """https://www.twilio.com/docs/voice/twiml/gather"""
    reader.no_text()
    prompts = tuple(_verb(child, reader.base) for child in reader.element)
    kinds = reader.choice("input", "dtmf", "speech", "dtmf speech", "speech dtmf").split()
    timeout_s = reader.whole("timeout", 5, 1)
    num_digits = reader.whole("numDigits", 0, 1) if "numDigits" in reader.left else None
    if reader.left.get("speechTimeout") == AUTO:
        reader.left.pop("speechTimeout")
        speech_timeout_s = None
    else:
        speech_timeout_s = reader.whole("speechTimeout", timeout_s, 1)
    reader.flag("profanityFilter", True)
    return Gather(
        prompts=tuple(_prompt(prompt) for prompt in prompts),
        action=reader.url("action"),
        method=reader.method(),
        dtmf="dtmf" in kinds,
        speech="speech" in kinds,
        timeout_s=timeout_s,
        speech_timeout_s=speech_timeout_s,
        num_digits=num_digits,
        finish_on_key=reader.keys("finishOnKey", "#", most=1),
        language=reader.text("language", "en-US"),
        model=reader.text("speechModel", "default"),
        hints=reader.text("hints"),
        action_on_empty=reader.flag("actionOnEmptyResult", False),
    )


def _prompt(verb: Verb) -> Prompt:
    if not isinstance(verb, Say | Play | Pause):
        raise TwimlError(BAD_SCHEMA, f"<Gather> cannot hold <{type(verb).__name__}>")
    return verb


def _record(reader: Reader) -> Record:
    """https://www.twilio.com/docs/voice/twiml/record"""
    reader.empty()
    return Record(
        action=reader.url("action"),
        method=reader.method(),
        timeout_s=reader.whole("timeout", 5, 0),
        finish_on_key=reader.keys("finishOnKey", "1234567890*#", most=12),
        max_length_s=reader.whole("maxLength", 3600, 2),
        play_beep=reader.flag("playBeep", True),
        trim=reader.choice("trim", "trim-silence", "do-not-trim") == "trim-silence",
        status_url=reader.optional_url("recordingStatusCallback"),
        status_method=reader.method("recordingStatusCallbackMethod"),
        status_events=tuple(reader.text("recordingStatusCallbackEvent", "completed").split()),
    )


def _dial(reader: Reader) -> Dial:
    """https://www.twilio.com/docs/voice/twiml/dial, with numbers or a conference."""
    room = _room(reader.element, reader.base)
    numbers = [] if room else [_number(child, reader.base) for child in reader.element]
    if text := (reader.element.text or "").strip():
        numbers = [Number(text, None, "POST")]
    if not numbers and room is None:
        raise TwimlError(BAD_SCHEMA, "<Dial> rings nobody")
    return Dial(
        numbers=tuple(numbers),
        action=reader.optional_url("action"),
        method=reader.method(),
        timeout_s=reader.whole("timeout", 30, 5),
        caller_id=reader.text("callerId") or None,
        room=room,
        star=reader.flag("hangupOnStar", False),
    )


def _room(dial: Element, url: str) -> Conference | None:
    """https://www.twilio.com/docs/voice/twiml/conference"""
    child = dial.find("Conference")
    if child is None:
        return None
    reader = Reader(child, url)
    name = (child.text or "").strip()
    if len(dial) > 1 or not name:
        raise TwimlError(BAD_SCHEMA, "<Conference> needs a name, and the <Dial> to itself")
    reader.choice("beep", "true", "false", "onEnter", "onExit")
    reader.flag("startConferenceOnEnter", True)
    reader.optional_url("waitUrl")
    room = Conference(name, reader.flag("endConferenceOnExit", False))
    reader.done()
    return room


def _number(element: Element, url: str) -> Number:
    reader = Reader(element, url)
    digits = (element.text or "").strip()
    if element.tag != "Number" or not re.fullmatch(r"\+?[0-9]{3,15}", digits):
        raise TwimlError(BAD_SCHEMA, "<Dial> holds something that is no <Number> to ring")
    number = Number(digits, reader.optional_url("url"), reader.method(), reader.optional_url("statusCallback"))
    reader.done()
    return number


def _redirect(reader: Reader) -> Redirect:
    return Redirect(reader.content_url(), reader.method())


def _hangup(reader: Reader) -> Hangup:
    reader.empty()
    return Hangup()


def _reject(reader: Reader) -> Reject:
    reader.empty()
    return Reject(reader.choice("reason", "rejected", "busy"))


VERBS: dict[str, Callable[[Reader], Verb]] = {
    "Say": _say,
    "Play": _play,
    "Pause": _pause,
    "Gather": _gather,
    "Record": _record,
    "Dial": _dial,
    "Redirect": _redirect,
    "Hangup": _hangup,
    "Reject": _reject,
}
