"""What is still to do before callers can rely on the line: the steps that whoever runs it takes one by one."""

import time
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from ivr.settings import Settings
from ivr.store import condition, readiness
from ivr.store.session import Sessions

# In the order in which they are best taken: the machine's, by whoever installs it, then the desk's.
ON_THE_MACHINE = ("worker", "account", "address", "simulator", "backup")
AT_THE_DESK = ("supervisor", "directory", "sample", "hours", "answers", "told")
STEPS = (*ON_THE_MACHINE, *AT_THE_DESK)
HOLDS_FOR_S = 60


def installing(settings: Settings) -> Iterator[str]:
    """Which settings no real caller can be served with: no carrier's account, an address that no carrier reaches, a
    browser phone on which anybody may play a caller, no mark of a backup."""
    if not settings.twilio_account_sid:
        yield "account"
    if not settings.is_public:
        yield "address"
    if settings.hotline_simulator:
        yield "simulator"
    if readiness.backup_made_s(settings.data_dir) is None:
        yield "backup"


def missing(db: Session, settings: Settings, now: datetime) -> tuple[str, ...]:
    """Which of ``STEPS`` are to be taken yet, in their order: one statement."""
    found = {*installing(settings), *condition.lacking(db, now)}
    return tuple(step for step in STEPS if step in found)


class Readiness:
    """Whether a step is missing, as this process saw it within the last minute: every page of the desk asks."""

    def __init__(self, sessions: Sessions, settings: Settings) -> None:
        self.sessions, self.settings = sessions, settings
        self.steps: tuple[str, ...] = ()
        self.seen_s = float("-inf")  # by a clock that nobody sets

    def look(self, db: Session, now: datetime) -> tuple[str, ...]:
        """What is missing at this moment."""
        self.steps, self.seen_s = missing(db, self.settings, now), time.monotonic()
        return self.steps

    def is_complete(self, now: datetime) -> bool:
        """At most one statement, once a minute."""
        if time.monotonic() - self.seen_s >= HOLDS_FOR_S:
            with self.sessions.read() as db:
                self.look(db, now)
        return not self.steps
