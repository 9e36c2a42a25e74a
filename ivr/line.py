"""The line as its people have made it, for calls: read anew by every process when it was changed."""

import threading
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property, lru_cache

import structlog
from sqlalchemy.orm import Session

from ivr.store import hotline
from ivr.store.facts import line
from ivr.store.files.clips import ClipFolder
from ivr.store.line import changes, clips, needs
from ivr.store.line.changes import Decided
from ivr.store.session import Sessions
from prompts import Clip, Pack, Packs, dialect, with_clips, with_needs, with_sentences
from routing import dial
from routing.needs import NEWS_DIGIT, PERSON_DIGIT, STAFF_DIGIT, Needs
from routing.speech.reading import Reader
from routing.speech.vocabulary import Vocabulary

DESK = "desk"  # in the address of a recording, where others have their language

log = structlog.get_logger()

Texts = Mapping[tuple[str, str], str]
Clips = Mapping[tuple[str, str], Clip]


class Line:
    """One version of it. ``packs``: what is said; ``drafts``: the same with what is only tried as yet."""

    def __init__(self, version: int, decided: Decided, shipped: Packs, folder: ClipFolder) -> None:
        self.version, self.decided, self.shipped, self.folder = version, decided, shipped, folder

    @cached_property
    def spoken(self) -> Packs:
        """Every language, as it comes: with the needs as they were changed here, and dialects that were made here."""
        decided = self.known_needs
        labels = {key: need.labels for key, need in decided.items()}
        told = with_needs(self.shipped, labels, self._words(decided)) if decided else self.shipped
        made = {
            code: dialect(told[each.base], code, each.name, each.digit, [each.name], offered=each.offered)
            for code, each in self.decided.of(line.Dialect).items()
            if each.base in told
        }
        return {**told, **made} if made else told

    @cached_property
    def known_needs(self) -> Mapping[str, line.Need]:
        """Every need that was changed or made here, retired ones too, by key."""
        return needs.changed(self.decided)

    @cached_property
    def needs(self) -> Needs:
        """What callers are offered."""
        return needs.offered(self.decided)

    @property
    def every_need(self) -> tuple[str, ...]:
        """The keys of all that tickets may be about: what is offered, then what was once."""
        return tuple(dict.fromkeys((*self.needs.by_key, *sorted(self.known_needs))))

    def vocabulary(self, language: str) -> Vocabulary:
        """The words that were added here to those that the language knows."""
        dangers = self.decided.of(line.Emergency)
        known = {key: need for key, need in self.known_needs.items() if not need.retired}
        taught = (each for each in self.decided.of(line.Lesson).values() if each.language == language)
        return Vocabulary(
            needs=(
                *((word, key) for key, need in known.items() for word in need.said.get(language, ())),
                *((each.said, each.need) for each in taught if each.said and each.need in self.needs.by_key),
            ),
            gone=frozenset(self.every_need).difference(self.needs.by_key),
            emergencies=tuple((word, kind) for kind, each in dangers.items() for word in each.said.get(language, ())),
            dial=tuple((kind, each.number) for kind, each in dangers.items() if each.number),
        )

    def reader(self, language: str, region: str) -> Reader:
        """Who understands a language that is no dialect, with the words that were added to it here.

        What it comes with takes a second of processor time, once a process (``ivr.warm``); what was added, a moment.
        """
        return own_reader(self.roots, language, region, self.vocabulary(language))

    @property
    def clash(self) -> str | None:
        """A key of the first menu that means two things; None: each means one."""
        keys = [PERSON_DIGIT, NEWS_DIGIT, STAFF_DIGIT, *(need.digit for need in self.needs.rows)]
        keys += [pack.key for pack in self.spoken.values()]
        return next((key for key in keys if keys.count(key) > 1), None)

    @cached_property
    def roots(self) -> tuple[Pack, ...]:
        """The languages that are no dialects, as they came: the same in every version, so that readers can be kept."""
        return tuple(pack for pack in self.shipped.values() if pack.base is None)

    @cached_property
    def packs(self) -> Packs:
        said = with_sentences(self.spoken, self._texts(line.Sentence))
        return with_clips(said, *self._clips(line.Recording))

    @cached_property
    def drafts(self) -> Packs:
        said = with_sentences(self.packs, self._texts(line.Draft))
        return with_clips(said, *self._clips(line.RecordingDraft))

    @cached_property
    def statuses(self) -> Mapping[str, str]:
        """How communities are that are not open as usual, by code."""
        decided = self.decided.of(line.Status)
        return {code: status.state for code, status in decided.items() if status.state != "open"}

    @cached_property
    def duties(self) -> Mapping[str, line.PlaceDuty]:
        """Who is rung for one community's callers, by its code."""
        return self.decided.of(line.PlaceDuty)

    def bulletins(self, now: datetime) -> Iterator[tuple[str, line.Bulletin]]:
        """Those of this moment with their keys, the oldest first."""
        for key, each in sorted(self.decided.of(line.Bulletin).items(), key=lambda known: known[1].begins_at):
            if each.holds(now):
                yield key, each

    def surge(self, now: datetime) -> line.Surge | None:
        """The surge of this moment; None: calls are asked everything."""
        decided = self.decided.of(line.Surge).get("")
        return decided if decided and decided.holds(now) else None

    def is_nuisance(self, phone_id: int | None, now: datetime) -> bool:
        """Whether the number of this id is on the nuisance list."""
        listed = self.decided.of(line.Nuisance).get(str(phone_id))
        return listed is not None and listed.holds(now)

    @property
    def sounds(self) -> set[str]:
        """The digests of all recordings that may be played."""
        made: tuple[Mapping[str, line.Recording | line.RecordingDraft], ...]
        made = self.decided.of(line.Recording), self.decided.of(line.RecordingDraft)
        return {each.sound for kind in made for each in kind.values()}

    def _words(self, known: Mapping[str, line.Need]) -> Mapping[str, list[str]]:
        """By language, the words of those that are offered."""
        offered = [need for need in known.values() if not need.retired]
        return {code: [word for need in offered for word in need.said.get(code, ())] for code in self.shipped}

    def _texts(self, kind: type[line.Sentence] | type[line.Draft]) -> Texts:
        return {line.sentence(key): each.text for key, each in self.decided.of(kind).items()}

    def _clips(self, kind: type[line.Recording] | type[line.RecordingDraft]) -> tuple[Clips, Clips]:
        """By language and text: those at the ordinary pace, and those of the slow lane."""
        paces: tuple[dict[tuple[str, str], Clip], dict[tuple[str, str], Clip]] = ({}, {})
        for key, each in self.decided.of(kind).items():
            language, slow = line.recorded(key)
            paces[slow][language, each.text] = Clip(f"{DESK}/{each.sound}.wav", self.folder.path(each.sound))
        return paces


@lru_cache(maxsize=32)
def own_reader(roots: tuple[Pack, ...], language: str, region: str, vocabulary: Vocabulary) -> Reader:
    comes = shipped_reader(roots, language, region)
    return comes.also(vocabulary) if vocabulary else comes


@lru_cache(maxsize=32)
def shipped_reader(roots: tuple[Pack, ...], language: str, region: str) -> Reader:
    """Who understands one of the languages as it comes; another of them may be asked for in its own words."""
    pack = next(pack for pack in roots if pack.language == language)
    others = {each.language: each.asked_for for each in roots if each is not pack}
    return Reader.of(pack.words, dial.numbers(region), others, pack.weights)


class LiveLine:
    """The current ``Line`` of this process."""

    def __init__(self, sessions: Sessions, shipped: Packs, folder: ClipFolder) -> None:
        self.sessions, self.folder = sessions, folder
        self.line = Line(-1, Decided({}), shipped, folder)
        self.reading = threading.Lock()

    def at(self, version: int) -> Line:
        """The line of that version, or a later one."""
        if version != self.line.version:
            with self.reading:
                if version != self.line.version:
                    self.renew()
        return self.line

    def now(self) -> Line:
        """The line as it is now, by one statement of its own."""
        with self.sessions.read() as db:
            version = hotline.settings(db).line_version
        return self.at(version)

    def would_be(self, db: Session) -> Line:
        """The line as it is when this transaction is kept."""
        return Line(-1, changes.decided(db), self.line.shipped, self.folder)

    def renew(self) -> None:
        """Take the line as it is now: one statement, some milliseconds; another for each recording that is new here."""
        with self.sessions.read() as db:
            now = hotline.settings(db).line_version
            new = Line(now, changes.decided(db), self.line.shipped, self.folder)
            missing = [digest for digest in new.sounds if not self.folder.path(digest).is_file()]
            for digest, sound in clips.sounds(db, missing):
                self._put(digest, sound)
        self.line = new

    def _put(self, digest: str, sound: bytes) -> None:
        """A recording that cannot lie here is not played here: the voice says the sentence."""
        try:
            self.folder.put(digest, sound)
        except OSError as error:
            log.error("clip_not_kept", clip=digest, error=type(error).__name__, exc_info=error)
