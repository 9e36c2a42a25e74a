"""A pack from its files: the sentences, the words callers say, the recordings; a dialect with what its base has."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from prompts.pack import CLIP_TYPES, PAUSE, Clip, Pack, PackError, Words, blanks
from prompts.parts import part

WORDS = "words"  # the folder beside the packs: what callers of a language say, and what it stands for
OWN = ("clips", "slow_clips", "own", "weights")  # fields that no file may set

OFFER = "language.offer"  # the sentence that names its language

Table = Mapping[str, Any]


def read(path: Path, audio: Path) -> Pack:
    """The pack in a TOML file with its words, and the recordings of its language in the folder *audio*.

    Raises ``PackError``.
    """
    table = _table(path, path.name)
    base = table.get("base")
    if base is not None:
        above = path.with_name(f"{base}.toml")
        if not isinstance(base, str) or not above.is_file() or (known := _table(above, above.name)).get("base"):
            raise PackError(f"{path.name}: base: there is no pack {base} that is no dialect itself")
        names = (str(each.get("name", "")) for each in (known, table))
        offered = {OFFER: offer(str(known.get("say", {}).get(OFFER, "")), *names)}
        table = _over(known, {**table, "say": {**offered, **table.get("say", {})}})
    if set_here := [name for name in OWN if name in table]:
        raise PackError(f"{path.name}: {set_here[0]}: no such entry")
    name = f"{WORDS}/{base or path.stem}.toml"
    words = _valid(_table(path.parent / name, name), Words, name)
    weights = _lines(path.parent / WORDS / f"{base or path.stem}.weights")
    pack: Pack = replace(_valid(table, Pack, path.name), words=words, weights=weights)
    if pack.language != path.stem:
        raise PackError(f"{path.name}: language: this file must hold the language {path.stem}")
    own = frozenset({OFFER, *_table(path, path.name).get("say", {})}) if base else frozenset()
    return replace(pack, own=own, clips=_clips(pack, audio), slow_clips=_clips(pack, audio / "slow"))


def offer(sentence: str, base: str, name: str) -> str:
    """How a dialect is offered: as its base is, under its own name."""
    return sentence.replace(base, name)


def _clips(pack: Pack, folder: Path) -> dict[str, Clip]:
    """The recordings in a folder, by the text of the sentence that each is named for."""
    clips = {}
    for file in sorted(folder.glob("*")):
        if file.suffix not in CLIP_TYPES:
            continue
        if file.stem not in pack.say or blanks(pack.say[file.stem]) - {PAUSE}:
            raise PackError(f"{file}: no sentence without blanks has the key {file.stem}; rename or remove it")
        digest = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        clips[part(pack.say[file.stem])] = Clip(f"{pack.language}/{file.stem}.{digest}{file.suffix}", file)
    return clips


def _lines(path: Path) -> tuple[str, ...]:
    """Of a table beside a pack's words; none where there is no such file."""
    return tuple(path.read_text(encoding="utf-8").splitlines()) if path.is_file() else ()


def _over(base: Table, table: Table) -> Table:
    """*table*, with what *base* has where it says nothing; tables within them alike."""
    both = {
        key: _over(base[key], value) if isinstance(value, dict) and isinstance(base.get(key), dict) else value
        for key, value in table.items()
    }
    return {**base, **both}


def _table(path: Path, name: str) -> Table:
    """Raises ``PackError``."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PackError(f"{name}: there is no such file; every pack has its words") from None
    except ValueError as error:  # neither TOML nor UTF-8
        raise PackError(f"{name}: {error}") from None


def _valid(table: Table, kind: Any, name: str) -> Any:  # a TypeAdapter takes any type there is
    """What was read, as a *kind* of thing. Raises ``PackError``."""
    try:
        return TypeAdapter(kind).validate_python(table)
    except ValidationError as error:
        first = error.errors()[0]
        raise PackError(f"{name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except ValueError as error:
        raise PackError(f"{name}: {error}") from None
