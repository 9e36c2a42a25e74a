"""What the hotline says, hears and waits for: one pack a language, read and compared at start."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from prompts.pack import CLIP_TYPES, HERE, NUMBERS, PAUSE, Clip, Pack, PackError, Words, blanks
from prompts.reading import OFFER, offer, read

__all__ = [
    "CLIP_TYPES",
    "NUMBERS",
    "PAUSE",
    "Clip",
    "Pack",
    "PackError",
    "Packs",
    "Words",
    "compare",
    "dialect",
    "known",
    "load_packs",
    "shipped",
    "with_clips",
    "with_name",
    "with_needs",
    "with_sentences",
]

Packs = Mapping[str, Pack]  # by language

WORDS_ALIKE = ("needs", "emergencies", "wishes", "answers", "choices")  # tables that every pack's words have
RESERVED_KEYS = frozenset("01234")  # a person, and the answers that questions know


@cache
def shipped() -> Packs:
    """The packs that come with the hotline, read once a process."""
    return load_packs()


def load_packs(folder: Path = HERE) -> Packs:
    """Every pack of the folder. Raises ``PackError`` when one differs from the others in what it can say."""
    packs = [read(path, folder / "audio" / path.stem) for path in sorted(folder.glob("*.toml"))]
    if not packs:
        raise PackError(f"{folder}: there is no pack here")
    faults = [fault for pack in packs for fault in compare(packs[0], pack)]
    keys = [pack.key for pack in packs]
    faults += [f"{pack.language}: key {pack.key} chooses two languages" for pack in packs if keys.count(pack.key) > 1]
    if faults:
        raise PackError("; ".join(faults))
    return {pack.language: pack for pack in packs}


def with_name(packs: Packs, hotline: str) -> Packs:
    """The packs of a hotline that has a name of its own; without one, each says its own."""
    return {code: replace(pack, hotline=hotline or pack.hotline) for code, pack in packs.items()}


def with_needs(packs: Packs, labels: Mapping[str, Mapping[str, str]], words: Mapping[str, Iterable[str]]) -> Packs:
    """The packs with what somebody calls needs (*labels*: by need and language), and *words*, by language, that the
    recogniser is told to expect of callers. A dialect calls them as its base does.
    """
    return {code: _naming(pack, labels, words.get(pack.base or code, ())) for code, pack in packs.items()}


def _naming(pack: Pack, labels: Mapping[str, Mapping[str, str]], words: Iterable[str]) -> Pack:
    """A need that is called nothing in the pack's language is called what it is in the first that has a word."""
    language = pack.base or pack.language
    named = {need: by.get(language) or next(iter(by.values()), need) for need, by in labels.items()}
    hints = [*words, *pack.hints["needs"]]
    return replace(pack, needs={**pack.needs, **named}, hints={**pack.hints, "needs": hints})


def with_sentences(packs: Packs, texts: Mapping[tuple[str, str], str]) -> Packs:
    """The packs with sentences of somebody's own, by language and key; a dialect says what its base says now."""
    own: dict[str, dict[str, str]] = {}
    for (language, key), text in texts.items():
        if language in packs and key in packs[language].say:  # a release that has the sentence no more leaves it out
            own.setdefault(language, {})[key] = text
    made = {code: _saying(pack, own.get(code, {})) for code, pack in packs.items()}
    return {code: _saying_as(made[pack.base], pack) if pack.base else pack for code, pack in made.items()}


def _saying(pack: Pack, own: Mapping[str, str]) -> Pack:
    return replace(pack, say={**pack.say, **own}, own=frozenset((*pack.own, *own))) if own else pack


def _saying_as(base: Pack, pack: Pack) -> Pack:
    """A dialect whose sentences are those of its base, but for its own."""
    theirs = {**base.say, **{key: pack.say[key] for key in pack.own}}
    return pack if theirs == pack.say else replace(pack, say=theirs)


def with_clips(packs: Packs, clips: Mapping[tuple[str, str], Clip], slow: Mapping[tuple[str, str], Clip]) -> Packs:
    """The packs with recordings made since they came, by language and text; *slow*: those of the slow lane."""
    return {
        code: replace(pack, clips={**pack.clips, **ordinary}, slow_clips={**pack.slow_clips, **slower})
        if ordinary or slower
        else pack
        for code, pack in packs.items()
        for ordinary, slower in [(_of(clips, code), _of(slow, code))]
    }


def _of(clips: Mapping[tuple[str, str], Clip], language: str) -> dict[str, Clip]:
    return {text: clip for (code, text), clip in clips.items() if code == language}


def known(packs: Packs, language: str | None, otherwise: str) -> str:
    """The language itself, if there is one; of a dialect that is gone, the language it was one of, by its code."""
    for code in (language or "", (language or "").partition("-")[0]):
        if code in packs:
            return code
    return otherwise


def dialect(base: Pack, language: str, name: str, key: str, asked_for: list[str], *, offered: bool) -> Pack:
    """A dialect of *base* that says nothing of its own yet but how it is chosen."""
    return replace(
        base,
        say={**base.say, OFFER: offer(base.say[OFFER], base.name, name)},
        language=language,
        name=name,
        key=key,
        asked_for=asked_for,
        base=base.language,
        offered=offered,
        own=frozenset({OFFER}),
        clips={},
        slow_clips={},
    )


def compare(model: Pack, pack: Pack) -> list[str]:
    """What *pack* lacks, has too much, or fills differently than *model*; one sentence a fault."""
    faults = []
    for (part, there), here in zip(_entries(model).items(), _entries(pack).values(), strict=True):
        faults += [f"{pack.language}: [{part}] lacks {key}" for key in sorted(there - here)]
        faults += [f"{pack.language}: [{part}] has {key}, which {model.language} lacks" for key in sorted(here - there)]
    for theirs, ours in ((model.say, pack.say), (model.notices, pack.notices)):
        for key in theirs.keys() & ours.keys():
            if differing := (blanks(theirs[key]) ^ blanks(ours[key])) - {PAUSE}:
                faults.append(
                    f"{pack.language}: {key} differs from {model.language} in {{{'}, {'.join(sorted(differing))}}}"
                )
    for part in ("voice", "waits_s"):  # a name of its own there would change nothing
        known, slower = getattr(pack, part), getattr(pack.slow, part)
        faults += [f"{pack.language}: [slow.{part}] has {key}, which [{part}] lacks" for key in slower.keys() - known]
    faults += [
        f"{pack.language}: [counted.{unit}] lacks other" for unit, forms in pack.counted.items() if "other" not in forms
    ]
    if pack.key in RESERVED_KEYS:
        faults.append(f"{pack.language}: key {pack.key} already means something else")
    return faults


def _entries(pack: Pack) -> dict[str, set[str]]:
    """The keys that every pack must have, table by table."""
    tables = {
        part: set(getattr(pack, part))
        for part in ("say", "needs", "who", "steps", "notices", "counted", "hints", "waits_s", "voice", "recogniser")
    }
    tables |= {f"slow.{part}": set(getattr(pack.slow, part)) for part in ("voice", "waits_s")}
    tables["checks.must"] = set(pack.checks.must)
    words = {group: pack.words.get(group) for group in WORDS_ALIKE}
    return tables | {f"words.{group}": set(those) for group, those in words.items() if isinstance(those, Mapping)}
