"""What the people of a line decide about it: the kinds of its settings, each with an example in ``EXAMPLES``.

A setting is one thing that is decided at once: the hours; a sentence of one language. Which of its kind it is, its
``key``, stands beside it (``ivr.store.models.line``).
"""

import hashlib
from datetime import datetime
from typing import Any

from ivr.store.facts.fact import Fact

SLOW = "/slow"


class Setting(Fact):
    """What was decided, whole: a change keeps what it was before, and what it is since."""


class Until:
    """Of what holds up to ``ends`` (an ISO time with its zone's offset)."""

    ends: str

    @property
    def ends_at(self) -> datetime:
        return datetime.fromisoformat(self.ends)

    def holds(self, now: datetime) -> bool:
        return now < self.ends_at


class Between(Until):
    """Of what holds from ``begins`` to ``ends``, both as above."""

    begins: str

    @property
    def begins_at(self) -> datetime:
        return datetime.fromisoformat(self.begins)

    def holds(self, now: datetime) -> bool:
        return self.begins_at <= now < self.ends_at


class Hours(Setting, kind="hours"):
    """When callers are promised a call back, as ``routing.hours.Hours`` reads it."""

    kept: dict[str, Any]


class Person(Setting, kind="person"):
    """What somebody may do, and where (codes of communities); ``key``: their id. ``name`` is only told, not changed."""

    name: str
    role: str
    communities: list[str]
    stopped: bool = False


class Place(Setting, kind="place"):
    """A community of the directory; ``key``: its code. ``retired``: callers no longer find it."""

    name: str
    street: str
    district: str
    aliases: list[str]
    phone: str | None = None
    keypad: str | None = None
    dialled: str | None = None
    retired: bool = False


class Duty(Setting, kind="duty"):
    """Whose telephone rings where nobody is on: the number's id in ``phones``, its last four digits, and when it is
    rung, as ``routing.hours.Hours`` reads it."""

    phone: int
    tail: str
    kept: dict[str, Any]


class PlaceDuty(Setting, kind="place_duty", words=("name",)):
    """The same for callers of one community, before the hotline's; ``key``: its code, ``name``: who answers there."""

    name: str
    phone: int
    tail: str
    kept: dict[str, Any]


class Status(Setting, kind="status", words=("note",)):
    """How a community is: ``open``, ``restricted`` or ``closed``, and a ``note`` for staff; ``key``: its code."""

    state: str
    note: str = ""


class Bulletin(Between, Setting, kind="bulletin", words=("text",)):
    """What callers hear after the greeting, from ``begins`` to ``ends``.

    ``areas``: codes of the communities whose callers hear it; none: everybody. ``asked``: who presses a key for it.
    """

    text: str
    language: str
    begins: str
    ends: str
    areas: list[str]
    asked: bool = False


class Surge(Between, Setting, kind="surge"):
    """Calls that begin between ``begins`` and ``ends`` are asked little.

    ``calls``: so many in an hour had it begin by itself; 0: somebody switched it on.
    """

    begins: str
    ends: str
    calls: int = 0


class SurgeRule(Setting, kind="surge_rule"):
    """It begins by itself at so many calls in an hour."""

    calls: int


class Nuisance(Until, Setting, kind="nuisance", words=("reason",)):
    """Whose calls ring nobody and are told to nobody, until ``ends``; ``key``: the number's id.

    ``tail``: the last four digits, as masked numbers show them.
    """

    reason: str
    ends: str
    tail: str


class Sentence(Setting, kind="sentence", words=("text",)):
    """What the line says instead of a pack's sentence; ``key``: see ``sentence``."""

    text: str


class Draft(Setting, kind="draft", words=("text",)):
    """The same, heard in the browser phone alone."""

    text: str


class Recording(Setting, kind="recording", words=("text",)):
    """What is played where the line says ``text``; ``key``: see ``recorded``. ``sound``: the digest of the clip."""

    text: str
    sound: str
    seconds: float


class RecordingDraft(Setting, kind="recording_draft", words=("text",)):
    """The same, heard in the browser phone alone."""

    text: str
    sound: str
    seconds: float


class Dialect(Setting, kind="dialect"):
    """A language that is spoken as its ``base`` where nothing is recorded or written for it; ``key``: its code.

    ``digit`` chooses it in a call. ``offered``: callers are told of it.
    """

    name: str
    base: str
    digit: str
    offered: bool = False


class Need(Setting, kind="need"):
    """One that callers are offered; ``key``: what it is called in tickets and by other systems, for ever.

    ``labels`` and ``said``, by language: what it is called, and words of callers who mean it, beside those that the
    language knows by itself. ``urgent``, ``promise_min``: see ``routing.needs``. ``retired``: offered no more; old
    tickets keep it.
    """

    digit: str
    promise_min: int
    labels: dict[str, str]
    said: dict[str, list[str]]
    urgent: bool = False
    retired: bool = False


class NeedOrder(Setting, kind="need_order"):
    """In which order the menu reads them out, by their keys; what is not among them comes last."""

    keys: list[str]


class Lesson(Setting, kind="lesson"):
    """What a supervisor made of a sentence that the line misread, where staff then put another need.

    ``key``: see ``lesson_key``. ``said``: the words that mean ``need`` from then on in that language; empty: there was
    nothing to learn.
    """

    need: str
    language: str
    said: str


class Emergency(Setting, kind="emergency"):
    """``said``, by language: words that tell of this kind of danger beside those that the language knows; ``number``:
    what is dialled then, empty: that of the country. ``key``: the kind, as the packs call it.
    """

    said: dict[str, list[str]]
    number: str = ""


class Partner(Setting, kind="partner", words=("purpose",)):
    """Another centre that tickets are passed to and taken from; ``key``: what tickets know it by, for ever.

    ``names`` by language, ``number`` as it is dialled; ``kept``: when somebody answers there, as
    ``routing.hours.Hours`` reads it; ``purpose``: what it is for. ``retired``: no more; old tickets keep it.
    """

    names: dict[str, str]
    number: str
    kept: dict[str, Any]
    purpose: str = ""
    retired: bool = False


def lesson_key(language: str, sentence: str) -> str:
    """The key of a sentence's lesson: no word of a caller's is kept in it."""
    return f"{language}/{hashlib.sha256(sentence.encode()).hexdigest()[:24]}"


def recording_key(language: str, text: str, *, slow: bool = False) -> str:
    """The key of a text's recording: the text itself would be too long for one."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:24]
    return f"{language}/{digest}{SLOW if slow else ''}"


def recorded(key: str) -> tuple[str, bool]:
    """The language of a recording's key, and whether it is for the slow lane."""
    return key.partition("/")[0], key.endswith(SLOW)


def sentence(key: str) -> tuple[str, str]:
    """Language and key of a sentence, of the setting's key ``zh/greet``."""
    language, _, name = key.partition("/")
    return language, name


EXAMPLES: tuple[Setting, ...] = (
    Hours(kept={"from": "08:00", "to": "20:00"}),
    Person(name="张三", role="officer", communities=["330206001001"], stopped=True),
    Place(name="银杏社区", street="新碶街道", district="北仑区", aliases=["银杏小区"], keypad="203"),
    Duty(phone=7, tail="0130", kept={"from": "08:00", "to": "20:00"}),
    PlaceDuty(name="陈书记", phone=8, tail="0131", kept={}),
    Status(state="closed", note="封闭管理，物资在北门交接"),
    Bulletin("明天上午停水。", "zh", "2026-03-01 08:00:00+08:00", "2026-03-02 12:00:00+08:00", ["330206001001"]),
    Surge("2026-03-01 08:00:00+08:00", "2026-03-01 10:00:00+08:00", calls=62),
    SurgeRule(calls=60),
    Nuisance("骂人，无事拨打", "2026-03-15 00:00:00+08:00", "0001"),
    Sentence(text="您好，红领热线。"),
    Draft(text="您好，红领热线。"),
    Recording(text="您好，红领热线", sound="9f86d081884c7d659a2feaa0c55ad015", seconds=2.1),
    RecordingDraft(text="您好，红领热线", sound="9f86d081884c7d659a2feaa0c55ad015", seconds=2.1),
    Dialect(name="宁波话", base="zh", digit="5", offered=True),
    Need("5", 60, {"zh": "暖气", "en": "heating"}, {"zh": ["暖气"], "en": ["heating"]}, urgent=True, retired=True),
    NeedOrder(keys=["food", "medicine"]),
    Lesson("food", "zh", "嚼谷"),
    Emergency(said={"zh": ["电梯困人"]}, number="+8657455500119"),
    Partner(
        {"zh": "民生热线", "en": "Livelihood line"}, "81890", {"from": "08:00", "to": "20:00"}, "家政维修", retired=True
    ),
)
