"""What does Twilio tell the hotline without anybody waiting for the answer?"""

from dataclasses import dataclass
from email.utils import formatdate
from typing import Literal


@dataclass(frozen=True, slots=True)
class Callback:
    """One such request. ``record`` and ``dial`` are actions that come when the caller has hung up already."""

    about: Literal["record", "recording", "dial", "rung", "status"]
    url: str
    method: str
    form: dict[str, str]


@dataclass(frozen=True, slots=True)
class Message:
    """A recording this phone made; 0 seconds: it turned out to be empty."""

    sid: str
    url: str
    seconds: int

    @property
    def status(self) -> str:
        return "completed" if self.seconds else "absent"

    @property
    def fields(self) -> dict[str, str]:
        """https://www.twilio.com/docs/voice/twiml/record#attributes-action-parameters"""
        return {"RecordingSid": self.sid, "RecordingUrl": self.url, "RecordingDuration": str(self.seconds)}

    def status_form(self, account_sid: str, call_sid: str) -> dict[str, str]:
        """https://www.twilio.com/docs/voice/twiml/record#recordingstatuscallback: without From, To and CallStatus."""
        return {
            "AccountSid": account_sid,
            "CallSid": call_sid,
            **self.fields,
            "RecordingStatus": self.status,
            "RecordingChannels": "1",
            "RecordingSource": "RecordVerb",
            "RecordingStartTime": formatdate(),
        }
