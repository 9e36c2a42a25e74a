"""The matcher every call uses: built from the database, swapped whole when the directory has changed."""

import threading

from sqlalchemy.orm import Session

from ivr.store import communities
from routing.directory import Directory
from routing.matching import Matcher


class LiveMatcher:
    """The current ``Matcher`` of this process.

    ``at(db, version)`` answers with the matcher of that directory version; the first call after a change builds
    the new one while the others go on with the old.
    """

    def __init__(self) -> None:
        self.version = -1
        self.matcher = Matcher(Directory(()))
        self.building = threading.Lock()

    def at(self, db: Session, version: int) -> Matcher:
        if version != self.version and self.building.acquire(blocking=self.version < 0):
            try:
                if version != self.version:
                    self.matcher, self.version = Matcher(communities.load(db)), version
            finally:
                self.building.release()
        return self.matcher
