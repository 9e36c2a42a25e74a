"""What a carrier's form says was heard: the only place that reads a webhook's fields."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from ivr.flow.types import Heard, Keys, Rang, Recorded, Silence, Speech
from routing.characters import CONTROL

IDENTIFIER = re.compile(r"[A-Za-z0-9-]{8,64}")  # opaque: compatible carriers use other shapes than Twilio
FINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})  # of a call, or a leg of one
MAX_KEYS = 32
MAX_TEXT = 2**16  # characters: more than two minutes of speech, and as much as a document of ours may hold
LONGEST_S = 24 * 3600  # no recording is longer, https://www.twilio.com/docs/voice/twiml/record

Form = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RecordingNews:
    """A recording that a form speaks of. ``absent``: the carrier says there is none after all."""

    sid: str
    seconds: int | None
    absent: bool


def call_sid(form: Form) -> str | None:
    """The call this form is about; None when it names none."""
    return _identifier(form.get("CallSid", ""))


def parent_sid(form: Form) -> str | None:
    """The caller's call, in a form about the leg to the duty number."""
    return _identifier(form.get("ParentCallSid", ""))


def recording(form: Form) -> RecordingNews | None:
    """The recording the form announces: its id, else the last segment of its URL, of which nothing else is used."""
    sid = _identifier(form.get("RecordingSid", "") or form.get("RecordingUrl", "").rstrip("/").rpartition("/")[2])
    if sid is None:
        return None
    absent = form.get("RecordingStatus") in ("absent", "failed")
    return RecordingNews(sid, _seconds(form.get("RecordingDuration", "")), absent)


def hear(form: Form, *, taken: bool) -> Heard:
    """What the caller did, as the flow hears it.

    A recording comes first: the ``#`` that ended it is no menu choice. ``taken``: somebody at the duty number
    pressed 1, which counts where the carrier does not say whether the two were bridged.
    """
    if news := recording(form):
        return Recorded(news.seconds, hung_up=form.get("Digits") == "hangup")
    if "DialCallStatus" in form:
        return Rang(form["DialBridged"] == "true" if "DialBridged" in form else taken)
    if digits := clean(form.get("Digits", ""))[:MAX_KEYS]:
        return Silence() if digits == "hangup" else Keys(digits)
    if text := clean(form.get("SpeechResult", ""))[:MAX_TEXT]:
        return Speech(text)
    return Silence()


def clean(text: str) -> str:
    """Full-width forms folded, control characters and lone surrogates gone, no blanks around it."""
    return CONTROL.sub("", unicodedata.normalize("NFKC", text)).strip()


def _identifier(text: str) -> str | None:
    return text if IDENTIFIER.fullmatch(text) else None


def _seconds(text: str) -> int | None:
    """A duration; None for what is none (NaN, -5, a billion)."""
    if not re.fullmatch(r"[0-9]{1,8}", text) or int(text) > LONGEST_S:
        return None
    return int(text)
