"""A pack: everything that is said, heard and waited for in one language."""

import hashlib
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError
from typing_extensions import TypeAliasType

HERE = Path(__file__).parent
WORDS = "words"  # the folder beside the packs: what callers of a language say, and what it stands for
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
    are in seconds. ``clips`` maps a sentence's key to the public name of its recording (the key and a hash of its
    bytes, so that it may be cached for ever), ``clip_files`` that to the file.
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
    clips: Mapping[str, str] = field(default_factory=dict)
    clip_files: Mapping[str, Path] = field(default_factory=dict)

    def clip(self, key: str) -> str | None:
        """The public name of this sentence's recording; None when there is none, or not any more."""
        name = self.clips.get(key)
        return name if name and self.clip_files[name].is_file() else None

    @property
    def loudly(self) -> Self:
        """The same language for people who are hard of hearing. Nothing is played: a recording has one loudness."""
        return replace(self, voice={**self.voice, "volume": self.voice["loud"]}, clips={})

    @property
    def slowly(self) -> Self:
        """The same language in the slow lane. Nothing is played there: a recording has one pace, the ordinary one."""
        voice, waits_s = {**self.voice, **self.slow.voice}, {**self.waits_s, **self.slow.waits_s}
        return replace(self, voice=voice, waits_s=waits_s, clips={})


def read(path: Path, audio: Path) -> Pack:
    """The pack in a TOML file with its words, and the recordings of its language in the folder *audio*.

    Raises ``PackError``.
    """
    pack: Pack = replace(_parsed(path, Pack), words=_parsed(path.parent / WORDS / path.name, Words))
    if pack.language != path.stem:
        raise PackError(f"{path.name}: language: this file must hold the language {path.stem}")
    clips, files = {}, {}
    for file in sorted(audio.glob("*")):
        if file.suffix not in CLIP_TYPES:
            continue
        if file.stem not in pack.say or blanks(pack.say[file.stem]) - {PAUSE}:
            raise PackError(f"{file}: no sentence without blanks has the key {file.stem}; rename or remove it")
        digest = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        clips[file.stem] = f"{file.stem}.{digest}{file.suffix}"
        files[clips[file.stem]] = file
    return replace(pack, weights=_lines(path.parent / WORDS / f"{path.stem}.weights"), clips=clips, clip_files=files)


def _lines(path: Path) -> tuple[str, ...]:
    """Of a table beside a pack's words; none where there is no such file."""
    return tuple(path.read_text(encoding="utf-8").splitlines()) if path.is_file() else ()


def _parsed(path: Path, kind: Any) -> Any:  # a TypeAdapter takes any type there is
    """What a TOML file holds, as a *kind* of thing. Raises ``PackError``."""
    name = path.name if kind is Pack else f"{WORDS}/{path.name}"
    try:
        return TypeAdapter(kind).validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise PackError(f"{name}: there is no such file; every pack has its words") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise PackError(f"{name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except ValueError as error:  # neither TOML nor UTF-8
        raise PackError(f"{name}: {error}") from None
