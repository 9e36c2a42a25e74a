"""What does a phone do with the documents it gets? One leg of a call, followed verb by verb in simulated time."""

import secrets
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Literal

from ivr.phone import acts
from ivr.phone.acts import Act, HangUp
from ivr.phone.line import API_VERSION, Exchange, Line
from ivr.phone.speech import seconds_to_say
from ivr.phone.verbs import Dial, Gather, Hangup, Pause, Play, Prompt, Record, Redirect, Reject, Say, Verb

PLAY_S = 5.0  # how long a recorded clip is, as far as the simulated clock is concerned
MAX_DOCUMENTS = 200  # a call that asks for more goes round in circles

Who = Literal["line", "caller", "phone", "whisper"]
Ended = Literal["line", "caller", "rejected", "error"]
Waiting = Gather | Record | Dial
Course = Generator[Waiting, Act, tuple[Verb, ...] | None]
Pace = Callable[[float], None]
"""Given the seconds that a leg has lasted, returns when it may go on: before each of its requests."""


def at_once(clock_s: float) -> None:
    """Time is simulated: nothing waits."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A line of the transcript. ``phone`` is the machinery: beeps, ringing, errors."""

    at_s: float
    who: Who
    text: str


class HungUp(Exception):
    """The receiver went down while the phone waited."""


class Leg:
    """One party's way through the documents. The caller's is a ``Handset``; the rung number's only hears a whisper.

    ``voice`` is who speaks to this party in the transcript. ``follow`` is a generator: it yields the verb that waits
    for somebody and is sent what that person does. ``pace``: how fast its clock goes beside ours.
    """

    voice: Who = "line"

    direction = "inbound"
    parent: str | None = None  # the caller's leg, on the one to a number that is rung

    def __init__(self, line: Line, origin: str, target: str, *, repeats: bool, pace: Pace = at_once) -> None:
        self.line, self.origin, self.target, self.repeats = line, origin, target, repeats
        self.pace = pace
        self.sid = new_sid("CA")
        self.status = "ringing"
        self.clock_s = 0.0
        self.ended: Ended | None = None
        self.exchanges: list[Exchange] = []
        self.troubles: list[str] = []
        self.transcript: list[Utterance] = []

    def form(self, **fields: str) -> dict[str, str]:
        told = request_fields(self.line, self.sid, self.status, self.origin, self.target, self.parent, self.direction)
        return told | fields

    def follow(self, url: str, method: str = "POST") -> Generator[Waiting, Act, None]:
        """From the first document to the end of the last one."""
        verbs: tuple[Verb, ...] | None = self.fetch(url, method)
        while verbs:
            verbs = yield from self._perform(verbs)

    def fetch(self, url: str, method: str, **fields: str) -> tuple[Verb, ...]:
        """The verbs at *url*; none, and an end, when neither it nor the fallback can be used."""
        if len(self.exchanges) >= MAX_DOCUMENTS:
            self.fail("the call goes round in circles")
            return ()
        self.pace(self.clock_s)
        fetched = self.line.fetch(url, self.form(**fields), method, repeat=self.repeats)
        self.exchanges += fetched.exchanges
        for trouble in fetched.troubles:
            self.trouble(trouble)
        self.status = "in-progress"
        if fetched.verbs is None:
            self.ended = "error"
        return fetched.verbs or ()

    def note(self, who: Who, text: str, lasting_s: float = 0) -> None:
        self.transcript.append(Utterance(self.clock_s, who, text))
        self.clock_s += lasting_s

    def trouble(self, text: str) -> None:
        """Something Twilio would have written to its debugger."""
        self.troubles.append(text)
        self.note("phone", text)

    def fail(self, text: str) -> None:
        self.trouble(text)
        self.ended = "error"

    def _perform(self, verbs: tuple[Verb, ...]) -> Course:
        """One document; the verbs of the next, if one of these leads there."""
        for verb in verbs:
            following: tuple[Verb, ...] | None = None
            match verb:
                case Say() | Play() | Pause():
                    self._hear(verb)
                case Gather():
                    following = yield from self._gather(verb)
                case Record() | Dial():
                    following = yield from self.callers_verb(verb)
                case Redirect(url, method):
                    return self.fetch(url, method)
                case Hangup():
                    self.ended = "line"
                    return None
                case Reject():
                    self.ended = "rejected"
                    return None
            if following is not None:
                return following
        return None

    def callers_verb(self, verb: Record | Dial) -> Course:
        """Record or Dial, which only a caller's leg may be told to do."""
        yield from ()  # a generator, as where the verb has a place
        self.fail(f"{type(verb).__name__} has no place on this leg")
        return ()

    def _hear(self, prompt: Prompt) -> None:
        match prompt:
            case Say():
                self.note(self.voice, prompt.text, seconds_to_say(prompt.parts, prompt.rate) * max(prompt.loop, 1))
            case Play(url, loop):
                self.note(self.voice, f"♪ {url}", PLAY_S * max(loop, 1))
            case Pause(length_s):
                self.clock_s += length_s

    def _gather(self, gather: Gather) -> Course:
        for prompt in gather.prompts:
            self._hear(prompt)
        act = yield gather
        if isinstance(act, HangUp):
            raise HungUp
        fields = acts.heard(gather, act)
        if fields or gather.action_on_empty:
            return self.fetch(gather.action, gather.method, **fields)
        self.clock_s += gather.timeout_s
        return None


def request_fields(
    line: Line, sid: str, status: str, origin: str, target: str, parent: str | None, direction: str = "inbound"
) -> dict[str, str]:
    """The fields of every voice request, https://www.twilio.com/docs/voice/twiml#request-parameters"""
    fields = {
        "CallSid": sid,
        "AccountSid": line.account_sid,
        "ApiVersion": API_VERSION,
        "CallStatus": status,
        "From": origin,
        "To": target,
        "Caller": origin,
        "Called": target,
        "Direction": "outbound-dial" if parent else direction,
    }
    return fields | {"ParentCallSid": parent} if parent else fields


def new_sid(kind: str) -> str:
    """An identifier of Twilio's shape: two letters, 32 hexadecimal digits."""
    return kind + secrets.token_hex(16)
