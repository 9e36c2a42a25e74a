"""Sentences of the packs as TwiML: one ``<Say>`` a run of one voice, a ``<Play>`` where a recording exists."""

import string
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

import phonenumbers
from twilio.twiml.voice_response import Gather, SsmlBreak, SsmlProsody, SsmlSayAs, VoiceResponse
from twilio.twiml.voice_response import Say as SayVerb

from ivr.flow.types import Say
from ivr.voice.urls import Urls
from prompts import NUMBERS, PAUSE, Pack, Packs


def speak(parent: VoiceResponse | Gather, says: Iterable[Say], packs: Packs, language: str, urls: Urls) -> None:
    """Have *parent* say these sentences, each in its own language or else in the call's."""

    def voice(say: Say) -> tuple[str, str | None]:
        pack = packs[say.language or language]
        return pack.language, pack.clip(say.key)

    for (code, clip), run in groupby(says, key=voice):
        if clip:
            parent.play(urls.clip(code, clip))
        else:
            parent.append(_say(run, packs[code]))


def _say(says: Iterable[Say], pack: Pack) -> SayVerb:
    """One voice saying one sentence after the other, slowly."""
    slowly = SsmlProsody(rate=pack.voice["rate"], volume=pack.voice.get("volume"))
    text = ""
    for part in (part for say in says for part in _parts(pack.say[say.key], say.values, pack)):
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


def _parts(sentence: str, values: Mapping[str, str], pack: Pack) -> Iterator[str | SsmlBreak | SsmlSayAs]:
    """A sentence with its blanks filled: pauses as SSML, numbers digit by digit, a need by its label."""
    for text, blank, _, _ in string.Formatter().parse(sentence):
        yield text
        if blank == PAUSE:
            yield SsmlBreak(time=pack.voice["pause"])
        elif blank == "need":
            yield pack.needs[values["need"]]
        elif blank in NUMBERS:
            yield SsmlSayAs(_as_dialled(values[blank]), interpret_as="digits")
        elif blank:
            yield values[blank]


def _as_dialled(number: str) -> str:
    """The digits a neighbour would dial: an E.164 number in its national form, any other as it is."""
    if not number.startswith("+"):
        return number
    national = phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.NATIONAL)
    return phonenumbers.normalize_digits_only(national)
