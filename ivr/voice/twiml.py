"""What the flow wants said, as a TwiML document. https://www.twilio.com/docs/voice/twiml"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from twilio.twiml.voice_response import Gather, VoiceResponse

from ivr.flow.types import Ask, Bye, Message, Reply, Ring, Say
from ivr.voice.speaking import speak
from ivr.voice.urls import Urls
from prompts import Pack, Packs

MAX_HINTS = 500  # more raises warning 13330; https://www.twilio.com/docs/voice/twiml/gather#hints
MAX_HINT_BYTES = 32 * 2**10  # half of what a document may have, error 11750

Hints = Mapping[str, Sequence[str]]  # by the name an Ask gives


@dataclass(frozen=True, slots=True)
class Rung:
    """A telephone to ring: its number (E.164), and the id by which we know this ringing again."""

    number: str
    id: int


@dataclass(frozen=True, slots=True)
class Line:
    """What every document of a call is made with. ``rings``: whom to ring; ``hotline``: the number that was dialled."""

    packs: Packs
    language: str
    urls: Urls
    hints: Hints
    rings: Sequence[Rung] = ()
    hotline: str | None = None

    @property
    def pack(self) -> Pack:
        return self.packs[self.language]


def render(reply: Reply, n: int, line: Line) -> str:
    """The document that says *reply*; whatever the caller does then comes back as turn *n*."""
    response = VoiceResponse()
    speak_here = (line.packs, line.language, line.urls)
    match reply:
        case Ask():
            response.append(_gather(reply, n, line))
            response.redirect(line.urls.turn(n))  # nothing was heard
        case Message(says, notice, first):
            speak(response, says, *speak_here)
            if first:
                response.append(_gather(first, n, line))
            speak(response, (notice,), *speak_here)
            _record(response, n, line)
        case Ring(says):
            speak(response, says, *speak_here)
            dial = response.dial(action=line.urls.turn(n), timeout=line.pack.waits_s["ring"], caller_id=line.hotline)
            for each in line.rings:
                dial.number(each.number, url=line.urls.whisper(each.id), status_callback=line.urls.rung(each.id))
        case Bye(says, last, end):
            speak(response, says, *speak_here)
            if last:
                response.append(_gather(last, n, line))
            speak(response, end, *speak_here)
            response.hangup()
    return str(response)


def apology(packs: Packs, language: str, urls: Urls, danger: Say | None = None) -> str:
    """Something went wrong: say so in every language, and record all the same. Needs nothing but the packs.

    Whoever is in *danger* hears what to do about that, and nothing else before the beep.
    """
    response = VoiceResponse()
    others = (code for code in packs if code != language)
    says = [danger] if danger else [Say("apology", language=code) for code in (language, *others)]
    speak(response, says, packs, language, urls)
    waits_s = packs[language].waits_s
    response.record(
        action=urls.fallback_message(),
        timeout=waits_s["message_silence"],
        max_length=waits_s["message_max"],
        finish_on_key="#",
        recording_status_callback=urls.recording(),
    )
    response.redirect(urls.fallback_message())
    return str(response)


def last_words(key: str, packs: Packs, language: str, urls: Urls) -> str:
    """One sentence, then hang up."""
    response = VoiceResponse()
    speak(response, (Say(key),), packs, language, urls)
    response.hangup()
    return str(response)


def whisper(ring: int, known: Sequence[Say], packs: Packs, language: str, urls: Urls) -> str:
    """What whoever answers hears before the caller is put through: what is *known* of it; press 1 to take the call."""
    response = VoiceResponse()
    press_one(
        response, (Say("whisper"), *known, Say("whisper.press")), urls.whisper_answer(ring), packs, language, urls
    )
    response.hangup()  # no key: a mailbox answered, or nobody who can help
    return str(response)


def press_one(
    response: VoiceResponse, says: Sequence[Say], action: str, packs: Packs, language: str, urls: Urls
) -> None:
    """One key answers; nothing pressed, and the document goes on."""
    wait_s = packs[language].waits_s["answer"]
    speak(response.gather(input="dtmf", num_digits=1, timeout=wait_s, action=action), says, packs, language, urls)


def whisper_answer(accepted: bool, packs: Packs, language: str, urls: Urls) -> str:
    """The end of the whisper puts the two together; hanging up gives the caller back to us, or to who was quicker."""
    response = VoiceResponse()
    speak(response, (Say("whisper.connected" if accepted else "whisper.gone"),), packs, language, urls)
    if not accepted:
        response.hangup()
    return str(response)


def _gather(ask: Ask, n: int, line: Line) -> Gather:
    pack = line.pack
    speech = {
        "speech_timeout": pack.waits_s["speech_end"],
        "language": pack.recogniser["language"],
        "speech_model": pack.recogniser["model"] or None,
        "hints": _hints(line.hints.get(ask.hints, ())),
    }
    gather = Gather(
        input="dtmf speech" if ask.speech else "dtmf",
        action=line.urls.turn(n),
        timeout=pack.waits_s[ask.wait],
        num_digits=ask.digits,
        **(speech if ask.speech else {}),
    )
    speak(gather, ask.says, line.packs, line.language, line.urls)
    return gather


def _hints(phrases: Sequence[str]) -> str | None:
    """As many as Twilio takes; the best come first."""
    joined = ",".join(phrases[:MAX_HINTS]).encode()
    if len(joined) > MAX_HINT_BYTES:
        joined = joined[:MAX_HINT_BYTES].rpartition(b",")[0]
    return joined.decode() or None


def _record(response: VoiceResponse, n: int, line: Line) -> None:
    """The beep. Only ``#``, hanging up, silence or the longest time end it: a cheek against the keys must not."""
    response.record(
        action=line.urls.turn(n),
        finish_on_key="#",
        timeout=line.pack.waits_s["message_silence"],
        max_length=line.pack.waits_s["message_max"],
        recording_status_callback=line.urls.recording(),
        recording_status_callback_event="completed absent",
    )
    response.redirect(line.urls.turn(n))  # an empty recording never calls its action
