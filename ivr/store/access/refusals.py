"""Requests that carry no right signature or token: a line a minute for each kind, with their number, not one each.

Counted by every process for itself; what was counted after its last line stands in the next one.
"""

from collections import Counter
from datetime import datetime, timedelta
from threading import Lock

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ivr.store.access import audit
from ivr.store.facts.audit import Refused
from ivr.store.session import Sessions

log = structlog.get_logger()

AT_MOST_EVERY = timedelta(minutes=1)


class Refusals:
    """What was refused since the last line about it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._count = Counter[str]()
        self._told: dict[str, datetime] = {}

    def note(self, sessions: Sessions, what: str, now: datetime) -> None:
        """Count one. That the database does not take the line just now changes nothing about the refusal."""
        with self._lock:
            self._count[what] += 1
            told = self._told.get(what)
            if told and now - told < AT_MOST_EVERY:
                return
            self._told[what], count = now, self._count.pop(what)
        try:
            with sessions.begin() as db:
                audit.append(db, None, Refused(what), now, count)
        except SQLAlchemyError as error:
            log.warning("refusals not written", what=what, count=count, error=type(error).__name__)
