"""Sentences of the packs as TwiML: one ``<Say>`` a run of one voice, a ``<Play>`` where a recording exists."""

import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from twilio.twiml.voice_response import Gather, SsmlBreak, SsmlProsody, SsmlSayAs, VoiceResponse
from twilio.twiml.voice_response import Say as SayVerb

from ivr.flow.types import Say
from ivr.voice.filling import as_dialled, told
from ivr.voice.recorded import sounds
from ivr.voice.scripts import voices
from ivr.voice.urls import Urls
from prompts import NUMBERS, PAUSE, Pack, Packs

NAMES = ("name", "street", "done", "bulletin", "text")  # blanks that are filled with what people wrote, in any script
MARKS = " .,;:!?，。；：！？、"

Part = Any  # a text, or an SSML element of the library, which is not typed


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence, or a *sound*'s address, and the language of its voice; None: that of the one before."""

    language: str | None
    part: Part = ""
    sound: str | None = None


def speak(parent: VoiceResponse | Gather, says: Iterable[Say], packs: Packs, language: str, urls: Urls) -> None:
    """Have *parent* say these sentences, each in its own language or else in the call's; names by who can say them."""
    pieces = _voiced(says, packs, language, urls)
    for (code, sound), run in groupby(pieces, key=lambda piece: (piece.language, piece.sound)):
        if sound:
            for _ in run:  # a number may have a digit twice
                parent.play(sound)
        elif parts := _spoken([piece.part for piece in run]):
            parent.append(_say(parts, packs[code]))


def _voiced(says: Iterable[Say], packs: Packs, language: str, urls: Urls) -> Iterator[Piece]:
    """Every piece with its language: a pause, or a mark between two voices, is nobody's own."""
    last = None
    for say in says:
        own = say.language or language
        last = last if last and last.sound is None and last.language == own else Piece(own)
        for piece in _pieces(say, packs, own, urls):
            voiced = Piece(piece.language or last.language, piece.part, piece.sound)
            yield voiced
            last = voiced


def _spoken(parts: list[Part]) -> list[Part]:
    """Without the marks that a voice would begin with; nothing when there is no word left."""
    while parts and isinstance(parts[0], str) and not parts[0].strip(MARKS):
        parts = parts[1:]
    if parts and isinstance(parts[0], str):
        parts = [parts[0].lstrip(MARKS), *parts[1:]]
    words = any(part.strip(MARKS) if isinstance(part, str) else not isinstance(part, SsmlBreak) for part in parts)
    return parts if words else []


def _say(parts: Iterable[Part], pack: Pack) -> SayVerb:
    """One voice saying one part after the other, slowly."""
    slowly = SsmlProsody(rate=pack.voice["rate"], volume=pack.voice.get("volume"))
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
            continue
        slowly.append(text)  # the library keeps one text between two elements
        slowly.append(part)
        text = ""
    slowly.append(text)
    verb = SayVerb(voice=pack.voice["name"], language=pack.voice["language"])
    verb.append(slowly)
    return verb


def _pieces(say: Say, packs: Packs, language: str, urls: Urls) -> Iterator[Piece]:
    """A sentence with its blanks filled: pauses as SSML, numbers digit by digit, names in their own voices.

    Played where all of it is recorded; what a dialect has neither recorded nor written itself, its base says.
    """
    pack = packs[language]
    if played := sounds(say, pack):
        yield from (Piece(language, sound=each if isinstance(each, str) else urls.clip(each.name)) for each in played)
        return
    if pack.base and say.key not in pack.own:
        yield from _pieces(say, packs, pack.base, urls)
        return
    for text, blank, _, _ in string.Formatter().parse(pack.say[say.key]):
        if text:
            yield Piece(language if text.strip(MARKS) else None, text)
        if blank == PAUSE:
            yield Piece(None, SsmlBreak(time=pack.voice["pause"]))
        elif blank == "hotline" or blank in NAMES:
            name = pack.hotline if blank == "hotline" else say.values[blank]
            yield from (Piece(*voiced) for voiced in voices(name, language, packs))
        elif blank == "message":
            yield Piece(language, sound=say.values[blank])
        elif blank in NUMBERS:
            yield Piece(language, SsmlSayAs(as_dialled(say.values[blank]), interpret_as="digits"))
        elif blank:
            yield Piece(language, told(blank, say, pack))
