"""The line as its people have made it, for calls: read anew by every process when it was changed."""

import threading
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property

import structlog

from ivr.store import hotline
from ivr.store.facts import line
from ivr.store.files.clips import ClipFolder
from ivr.store.line import changes, clips
from ivr.store.line.changes import Decided
from ivr.store.session import Sessions
from prompts import Clip, Packs, dialect, with_clips, with_sentences

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
        """Every language, as it comes: with the dialects that were made here."""
        made = {
            code: dialect(self.shipped[each.base], code, each.name, each.digit, [each.name], offered=each.offered)
            for code, each in self.decided.of(line.Dialect).items()
            if each.base in self.shipped
        }
        return {**self.shipped, **made} if made else self.shipped

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

    def _texts(self, kind: type[line.Sentence] | type[line.Draft]) -> Texts:
        return {line.sentence(key): each.text for key, each in self.decided.of(kind).items()}

    def _clips(self, kind: type[line.Recording] | type[line.RecordingDraft]) -> tuple[Clips, Clips]:
        """By language and text: those at the ordinary pace, and those of the slow lane."""
        paces: tuple[dict[tuple[str, str], Clip], dict[tuple[str, str], Clip]] = ({}, {})
        for key, each in self.decided.of(kind).items():
            language, slow = line.recorded(key)
            paces[slow][language, each.text] = Clip(f"{DESK}/{each.sound}.wav", self.folder.path(each.sound))
        return paces


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
