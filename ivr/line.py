"""The line as its people have made it, for calls: read anew by every process when it was changed."""

import threading
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property

from ivr.store import hotline
from ivr.store.facts import line
from ivr.store.line import changes, nuisance, surge
from ivr.store.line.changes import Decided
from ivr.store.session import Sessions
from prompts import Packs, with_sentences


class Line:
    """One version of it. ``packs``: what is said; ``drafts``: the same with what is only tried as yet."""

    def __init__(self, version: int, decided: Decided, shipped: Packs) -> None:
        self.version, self.decided, self.shipped = version, decided, shipped

    @cached_property
    def packs(self) -> Packs:
        return with_sentences(self.shipped, self._texts(line.Sentence))

    @cached_property
    def drafts(self) -> Packs:
        return with_sentences(self.packs, self._texts(line.Draft))

    @cached_property
    def statuses(self) -> Mapping[str, str]:
        """How communities are that are not open as usual, by code."""
        decided = self.decided.of(line.Status)
        return {code: status.state for code, status in decided.items() if status.state != "open"}

    def bulletins(self, now: datetime) -> Iterator[line.Bulletin]:
        """Those of this moment, the oldest first."""
        known = sorted(self.decided.of(line.Bulletin).values(), key=lambda each: each.begins)
        times = ((each, datetime.fromisoformat(each.begins), datetime.fromisoformat(each.ends)) for each in known)
        return (each for each, begins, ends in times if begins <= now < ends)

    def surge(self, now: datetime) -> line.Surge | None:
        """The surge of this moment; None: calls are asked everything."""
        decided = self.decided.of(line.Surge).get("")
        return decided if decided and surge.is_on(decided, now) else None

    def is_nuisance(self, phone_id: int | None, now: datetime) -> bool:
        """Whether the number of this id is on the nuisance list."""
        listed = self.decided.of(line.Nuisance).get(str(phone_id))
        return listed is not None and nuisance.is_on(listed, now)

    def _texts(self, kind: type[line.Sentence] | type[line.Draft]) -> Mapping[tuple[str, str], str]:
        return {line.sentence(key): each.text for key, each in self.decided.of(kind).items()}


class LiveLine:
    """The current ``Line`` of this process."""

    def __init__(self, sessions: Sessions, shipped: Packs) -> None:
        self.sessions = sessions
        self.line = Line(-1, Decided({}), shipped)
        self.reading = threading.Lock()

    def at(self, version: int) -> Line:
        """The line of that version, or a later one."""
        if version != self.line.version:
            with self.reading:
                if version != self.line.version:
                    self.renew()
        return self.line

    def renew(self) -> None:
        """Take the line as it is now: one statement, some milliseconds."""
        with self.sessions.read() as db:
            now = hotline.settings(db).line_version
            self.line = Line(now, changes.decided(db), self.line.shipped)
