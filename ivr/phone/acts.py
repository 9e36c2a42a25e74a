"""What can somebody holding the phone do, and what do a question, a beep and a duty phone make of it? Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ivr.phone.verbs import Gather, Record

KEYS = re.compile(r"[0-9*#]+")
CONFIDENCE = "0.87"


@dataclass(frozen=True, slots=True)
class Press:
    """Keys, one after the other, then nothing."""

    keys: str

    def __post_init__(self) -> None:
        if not KEYS.fullmatch(self.keys):
            raise ValueError(f"a telephone has no key for {self.keys!r}")


@dataclass(frozen=True, slots=True)
class Speak:
    """Words, as the recogniser would write them down."""

    text: str


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing, until the phone goes on by itself."""


@dataclass(frozen=True, slots=True)
class Leave:
    """A message after the beep, ended by *key*, or by silence when that is empty. ``wav``: its sound."""

    seconds: int
    key: str = ""
    wav: bytes | None = None


@dataclass(frozen=True, slots=True)
class HangUp:
    """The receiver goes down; at the beep, after *seconds* of message."""

    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Answered:
    """A number that is rung answers, presses *keys* (none: a mailbox), and talks when it is put through.

    ``number``: which of those that ring; None: the first. ``after_s``: how long it rings until then. ``stays``: the two
    talk on until somebody does something else.
    """

    keys: str = "1"
    talks_s: int = 60
    caller_ends: bool = False
    number: str | None = None
    after_s: int = 0
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The number that is rung does not answer; ``why`` is ``no-answer``, ``busy`` or ``failed``."""

    why: str = "no-answer"


@dataclass(frozen=True, slots=True)
class Several:
    """Many telephones at once, by their numbers: each does its own. One that is not among them rings out."""

    do: Mapping[str, Answered | Unanswered]


@dataclass(frozen=True, slots=True)
class Parted:
    """Those whom one talked with are gone: the other leg was led elsewhere, or the room has ended."""


Act = Press | Speak | Silent | Leave | HangUp | Answered | Unanswered | Several | Parted


def told(act: Act) -> str:
    """An act as the transcript tells it."""
    match act:
        case Press(keys):
            return f"presses {keys}"
        case Speak(text):
            return text
        case Leave(seconds):
            return f"leaves a message of {seconds} s"
        case HangUp():
            return "hangs up"
        case _:
            return "…"


def lasting_s(act: Act) -> float:
    """How long it takes, about."""
    match act:
        case Press(keys) | Speak(keys):
            return 0.5 * len(keys)
        case Leave(seconds) | HangUp(seconds):
            return seconds
        case _:
            return 0


def heard(gather: Gather, act: Act) -> dict[str, str]:
    """The fields a question answers with; none when it heard nothing: what it does not listen to is silence.

    Keys after the last one that was waited for are lost. https://www.twilio.com/docs/voice/twiml/gather
    """
    match act:
        case Press(keys) if gather.dtmf and (digits := _digits(gather, keys)):
            return {"Digits": digits}
        case Speak(text) if gather.speech and text.strip():
            return {"SpeechResult": text, "Confidence": CONFIDENCE}
        case _:
            return {}


def _digits(gather: Gather, keys: str) -> str:
    """What counts of *keys*; the key that finishes needs one before it."""
    digits = ""
    for key in keys:
        if key == gather.finish_on_key:
            return digits
        digits += key
        if len(digits) == gather.num_digits:
            break
    return digits


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording that was made. ``ended_by``: a key, ``hangup``, or nothing (silence, or its greatest length)."""

    seconds: int
    ended_by: str
    wav: bytes | None


def recorded(record: Record, act: Act) -> Recorded | None:
    """The recording that comes of what was done after the beep; None when it stays empty.

    Words last as long as it takes to say them; keys that do not end the recording are noise in it.
    https://www.twilio.com/docs/voice/twiml/record
    """
    match act:
        case Leave(seconds, key, wav):
            ended_by = key if key in record.finish_on_key else ""
            return Recorded(min(seconds, record.max_length_s), ended_by, wav)
        case Speak(text) if text.strip():
            return Recorded(min(1 + len(text) // 4, record.max_length_s), "", None)
        case Press(keys) if keys[0] not in record.finish_on_key:
            ending = next((key for key in keys if key in record.finish_on_key), "")
            return Recorded(1, ending, None)
        case HangUp(seconds) if seconds:
            return Recorded(min(seconds, record.max_length_s), "hangup", None)
        case _:
            return None
