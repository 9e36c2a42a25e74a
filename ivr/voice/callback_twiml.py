"""What is said in a call back: to the helper who is rung first, and to the resident."""

from collections.abc import Sequence
from dataclasses import dataclass

from twilio.twiml.voice_response import VoiceResponse

from ivr.flow.types import Say
from ivr.voice.speaking import speak
from ivr.voice.twiml import press_one
from ivr.voice.urls import Urls
from prompts import Packs


@dataclass(frozen=True, slots=True)
class Voice:
    """In whose words it is said. ``outgoing``: the id of the call."""

    packs: Packs
    language: str
    urls: Urls
    outgoing: int

    def say(self, response: VoiceResponse, *says: Say) -> None:
        speak(response, says, self.packs, self.language, self.urls)

    def ask(self, response: VoiceResponse, part: str, *says: Say) -> None:
        """A question of one key."""
        action = self.urls.callback(self.outgoing, part)
        press_one(response, says, action, self.packs, self.language, self.urls)


def whisper(voice: Voice, known: Sequence[Say]) -> str:
    """The helper has picked up: whom they are to call. A mailbox presses nothing, and nobody is rung."""
    response = VoiceResponse()
    voice.ask(response, "answer", Say("calling"), *known, Say("calling.press"))
    response.hangup()
    return str(response)


def connect(voice: Voice, to: str, extension: str, caller: str, *, detect_machines: bool) -> str:
    """The resident is rung, under our number."""
    response, urls = VoiceResponse(), voice.urls
    voice.say(response, Say("calling.connecting"))
    dial = response.dial(
        action=urls.callback(voice.outgoing, "parted"),
        timeout=voice.packs[voice.language].waits_s["ring"],
        caller_id=caller,
    )
    amd = {
        "machine_detection": "Enable",
        "amd_status_callback": urls.callback(voice.outgoing, "machine"),
    }
    dial.number(
        to,
        url=urls.callback(voice.outgoing, "resident"),
        status_callback=urls.callback(voice.outgoing, "leg"),
        send_digits=f"ww{extension}" if extension else None,
        **(amd if detect_machines else {}),
    )
    return str(response)


def greeting(voice: Voice) -> str:
    """The resident has picked up: who it is. No key is asked of them; the end of the document puts the two together."""
    response = VoiceResponse()
    voice.say(response, Say("calling.resident"))
    return str(response)


def ask_result(voice: Voice, *says: Say) -> str:
    """The two have parted: what came of it."""
    response = VoiceResponse()
    voice.ask(response, "result", *says, Say("calling.result"))
    voice.say(response, Say("calling.later"))
    response.hangup()
    return str(response)


def last_words(voice: Voice, *says: Say) -> str:
    """Said to the helper; then we hang up."""
    response = VoiceResponse()
    voice.say(response, *says)
    response.hangup()
    return str(response)
