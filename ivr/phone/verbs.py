"""What can a TwiML document tell a phone to do? The verbs, every default of Twilio's filled in by ``reading``."""

from dataclasses import dataclass

from ivr.phone.speech import Part, plain


@dataclass(frozen=True, slots=True)
class Say:
    """Text to speech. ``parts`` are texts and pauses (seconds); ``rate`` is 1.0 for the voice's own pace."""

    parts: tuple[Part, ...]
    voice: str
    language: str
    rate: float
    loop: int  # 0: until somebody hangs up

    @property
    def text(self) -> str:
        return plain(self.parts)


@dataclass(frozen=True, slots=True)
class Play:
    url: str
    loop: int


@dataclass(frozen=True, slots=True)
class Pause:
    length_s: int


Prompt = Say | Play | Pause


@dataclass(frozen=True, slots=True)
class Gather:
    """A question. ``finish_on_key`` may be empty (none); ``speech_timeout_s`` None is Twilio's ``auto``."""

    prompts: tuple[Prompt, ...]
    action: str
    method: str
    dtmf: bool
    speech: bool
    timeout_s: int
    speech_timeout_s: int | None
    num_digits: int | None
    finish_on_key: str
    language: str
    model: str
    hints: str
    action_on_empty: bool


@dataclass(frozen=True, slots=True)
class Record:
    """A beep and a recording, ended by one of ``finish_on_key``, silence (0: never), or its greatest length."""

    action: str
    method: str
    timeout_s: int
    finish_on_key: str
    max_length_s: int
    play_beep: bool
    trim: bool
    status_url: str | None
    status_method: str
    status_events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """Whom to ring. ``url``: a document for whoever answers, before the two are put through; ``status_url`` is told
    how the leg ended.
    """

    number: str
    url: str | None
    method: str
    status_url: str | None = None


@dataclass(frozen=True, slots=True)
class Conference:
    """A room of this name. ``ends``: when this telephone leaves, it ends for everybody."""

    name: str
    ends: bool


@dataclass(frozen=True, slots=True)
class Dial:
    """Rings ``numbers``, or enters a ``room``; ``star``: that key leaves it, and the action is asked."""

    numbers: tuple[Number, ...]
    action: str | None
    method: str
    timeout_s: int
    caller_id: str | None
    room: Conference | None = None
    star: bool = False


@dataclass(frozen=True, slots=True)
class Redirect:
    url: str
    method: str


@dataclass(frozen=True, slots=True)
class Hangup:
    pass


@dataclass(frozen=True, slots=True)
class Reject:
    reason: str


Verb = Prompt | Gather | Record | Dial | Redirect | Hangup | Reject
