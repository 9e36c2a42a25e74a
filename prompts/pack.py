"""A pack: everything that is said, heard and waited for in one language."""

import hashlib
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CLIP_TYPES = {".wav": "audio/wav", ".mp3": "audio/mpeg"}
PAUSE = "pause"
NUMBERS = ("number", "phone")  # blanks that are spoken digit by digit


class PackError(Exception):
    """A pack is not usable. The text names the pack, the entry and the remedy."""


@dataclass(frozen=True, slots=True)
class Pack:
    """One language. ``say`` maps a key to its sentence; ``words`` maps a meaning to the words for it.

    ``waits_s`` in seconds. ``clips`` maps a sentence's key to its recording, ``clip_names`` the public name
    of a recording (its key and a hash of its bytes, so that it may be cached for ever) back to the file.
    """

    language: str
    name: str
    key: str
    voice: Mapping[str, str]
    recogniser: Mapping[str, str]
    waits_s: Mapping[str, int]
    say: Mapping[str, str]
    needs: Mapping[str, str]
    words: Mapping[str, Mapping[str, list[str]]]
    clips: Mapping[str, str] = field(default_factory=dict)
    clip_files: Mapping[str, Path] = field(default_factory=dict)


def read(path: Path, audio: Path) -> Pack:
    """The pack in a TOML file, with the recordings of its language in the folder *audio*. Raises ``PackError``."""
    try:
        found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        pack = Pack(**found)
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise PackError(f"{path.name}: {error}") from None
    clips, files = {}, {}
    for file in sorted(audio.glob("*")):
        if file.suffix not in CLIP_TYPES:
            continue
        if file.stem not in pack.say or blanks(pack.say[file.stem]) - {PAUSE}:
            raise PackError(f"{file}: no sentence without blanks has the key {file.stem}; rename or remove it")
        digest = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        clips[file.stem] = f"{file.stem}.{digest}{file.suffix}"
        files[clips[file.stem]] = file
    return Pack(**found, clips=clips, clip_files=files)


def blanks(sentence: str) -> set[str]:
    """The names between braces."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}
