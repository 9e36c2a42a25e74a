"""The matcher every call uses: made from the database, swapped whole when the directory has changed."""

import fcntl
import threading
import time
from pathlib import Path

import structlog
from sqlalchemy.orm import Session

from ivr.store import hotline
from ivr.store.directory import communities
from ivr.store.session import Sessions
from routing.directory import Directory
from routing.matching import Matcher, cache

PATIENCE_S = 2  # a call waits for a new matcher; a district's takes a tenth of a second, a nation's half a minute
FEW = 30_000  # communities whose matcher every process makes for itself within a second

log = structlog.get_logger()


class LiveMatcher:
    """The current ``Matcher`` of this process.

    A new one is made in the background. Calls wait for it a moment, then go on with the old one: the first ones of a
    vast directory with one that knows no community.
    """

    def __init__(self, sessions: Sessions, folder: Path) -> None:
        """*folder* is for the files that the matchers of large directories are kept in."""
        self.sessions, self.folder = sessions, folder
        self.version, self.matcher = -1, Matcher(Directory())
        self.starting = threading.Lock()
        self.renewal: Renewal | None = None

    def at(self, version: int) -> Matcher:
        """The matcher of that version of the directory, or the latest there is."""
        for _ in range(2):  # one that is going on may have begun before this version was there
            if version != self.version:
                self._renewal().wait()
        return self.matcher

    def _renewal(self) -> "Renewal":
        """The one that is going on, or a new one."""
        with self.starting:
            if self.renewal is None or not self.renewal.is_alive():
                self.renewal = Renewal(self)
                self.renewal.start()
            return self.renewal

    def renew(self) -> None:
        """Take the directory as it is now."""
        with self.sessions.read() as db:
            version = hotline.settings(db).directory_version
            size = communities.count(db)
            matcher = Matcher(communities.load(db)) if size < FEW else self._shared(db, version, size)
        self.matcher, self.version = matcher, version

    def _shared(self, db: Session, version: int, size: int) -> Matcher:
        """The matcher that this and the other processes take from one file, made by the first that needs it."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / f"{version}.index"
        with open(self.folder / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            matcher = cache.matcher(
                path,
                f"{size} communities at version {version}",
                lambda: communities.load(db),
                lambda what: log.warning("matcher_index", what=what),
            )
            for other in self.folder.glob("*.index"):
                if other != path:
                    other.unlink()
        return matcher


class Renewal(threading.Thread):
    """One attempt to renew a matcher; what fails is tried again by the next call."""

    def __init__(self, live: LiveMatcher) -> None:
        super().__init__(name="matcher", daemon=True)
        self.live, self.patience_ends = live, time.monotonic() + PATIENCE_S

    def run(self) -> None:
        try:
            self.live.renew()
        except Exception:
            log.exception("matcher_not_renewed")

    def wait(self) -> None:
        """Until it is done, or has been going on for so long that calls must not wait for it."""
        self.join(max(0.0, self.patience_ends - time.monotonic()))
