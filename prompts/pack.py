"""A pack: everything that is said, heard and waited for in one language."""

import string
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints
from typing_extensions import TypeAliasType

HERE = Path(__file__).parent
CLIP_TYPES = {".wav": "audio/wav", ".mp3": "audio/mpeg"}
PAUSE = "pause"
NUMBERS = ("number", "phone", "callback")  # blanks that are spoken digit by digit


class PackError(Exception):
    """A pack is not usable. The text names the pack, the entry and the remedy."""


def blanks(sentence: str) -> set[str]:
    """The names between braces. Raises ``ValueError`` for a brace without its other half."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def _speakable(sentence: str) -> str:
    blanks(sentence)
    return sentence


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording: its ``file``, and the public ``name`` of it below the address of all clips. The name has a hash of
    the bytes in it, so that it may be cached for ever.
    """

    name: str
    file: Path


Text = Annotated[str, StringConstraints(pattern=r"\S")]
Sentence = Annotated[Text, AfterValidator(_speakable)]
Key = Annotated[str, StringConstraints(pattern=r"^[0-9]$")]
Seconds = Annotated[int, Field(strict=True, gt=0)]
Words = TypeAliasType("Words", "Mapping[str, Words | list[Text] | Text | Seconds]")


@dataclass(frozen=True, slots=True)
class Slow:
    """How the slow lane differs: in some of the voice's settings, in some of the waits."""

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    voice: Mapping[str, Text]
    waits_s: Mapping[str, Seconds]


@dataclass(frozen=True, slots=True)
class Checks:
    """What a sentence is held against before it is published: how it names a key (a pattern with the key as its group),
    and of which words it ``must`` have one.
    """

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    keys: Text
    must: Mapping[str, list[Text]]


@dataclass(frozen=True, slots=True)
class Times:
    """How days and times of day are said. ``days``: today and the days after it; ``parts``: from which hour on."""

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    days: list[Text]
    weekdays: Annotated[list[Text], Field(min_length=7, max_length=7)]
    months: Annotated[list[Text], Field(min_length=12, max_length=12)]
    date: Sentence
    hour: Sentence
    half: Sentence
    minute: Sentence
    parts: Mapping[int, Text]

    def __post_init__(self) -> None:
        if 0 not in self.parts:
            raise ValueError("times.parts must begin with hour 0")


@dataclass(frozen=True, slots=True, eq=False)  # two packs are never equal, so that a reader can be kept for each
class Pack:
    """One language. ``say`` maps a key to its sentence; ``words`` are the nested tables of what callers say
    (``routing.speech.lexicon`` tells how they are written), ``weights`` the lines of a table that weighs what else they
    say (``routing.speech.weighing``; a pack need not have one); ``notices`` are what staff are told when no page is
    open.

    ``hotline``: what the hotline is called, where ``HOTLINE_NAME`` does not say; ``counted``: by unit, the forms of a
    number of it (``1``, ``other``); ``asked_for``: how a caller asks for this language, in any; ``hints`` are what the
    recogniser is told to expect; ``who``: what staff are called when a caller is told of them, by role; ``waits_s``
    are in seconds. ``clips`` maps a text (see ``prompts.parts``) to the recording of it, ``slow_clips`` to that of the
    slow lane.

    ``base``: the language that this one is a dialect of: it says what is neither recorded nor written here (``own``:
    the keys of what is), and what else is not told here is as it is there. ``offered``: callers are told of it.
    """

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    language: Text
    name: Text
    key: Key
    hotline: Text
    asked_for: list[Text]
    voice: Mapping[str, Text]
    recogniser: Mapping[str, str]
    waits_s: Mapping[str, Seconds]
    slow: Slow
    say: Mapping[str, Sentence]
    needs: Mapping[str, Text]
    who: Mapping[str, Text]
    counted: Mapping[str, Mapping[str, Sentence]]
    times: Times
    steps: Mapping[str, Text]
    notices: Mapping[str, Sentence]
    hints: Mapping[str, list[Text]]
    checks: Checks
    words: Words = field(default_factory=dict)
    weights: tuple[str, ...] = ()
    clips: Mapping[str, Clip] = field(default_factory=dict)
    slow_clips: Mapping[str, Clip] = field(default_factory=dict)
    base: str | None = None
    own: frozenset[str] = frozenset()
    offered: bool = True

    def clip(self, text: str) -> Clip | None:
        """The recording of a text (``prompts.parts.part``); None when there is none, or not any more."""
        clip = self.clips.get(text)
        return clip if clip and clip.file.is_file() else None

    @property
    def loudly(self) -> Self:
        """The same language for people who are hard of hearing. Nothing is played: a recording has one loudness."""
        return replace(self, voice={**self.voice, "volume": self.voice["loud"]}, clips={}, slow_clips={})

    @property
    def slowly(self) -> Self:
        """The same language in the slow lane, with its own recordings: others have the ordinary pace."""
        voice, waits_s = {**self.voice, **self.slow.voice}, {**self.waits_s, **self.slow.waits_s}
        return replace(self, voice=voice, waits_s=waits_s, clips=self.slow_clips)
