"""Refusals: a line a minute, with their number."""

from datetime import UTC, datetime, timedelta
from typing import NoReturn

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from ivr.store.access.refusals import Refusals
from ivr.store.models import AuditLine
from ivr.store.session import Sessions

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


def test_a_thousand_refusals_are_a_line_a_minute(sessions: Sessions):
    """A24: of each kind, with the number since the line before."""
    refusals = Refusals()
    for second in range(1000):
        refusals.note(sessions, "signature", NOON + timedelta(seconds=second / 10))
    refusals.note(sessions, "token", NOON)

    with sessions.read() as db:
        lines = [(line.deed.what, line.count) for line in db.scalars(select(AuditLine).order_by(AuditLine.id))]
    assert [("signature", 1), ("signature", 600), ("token", 1)] == lines


def test_a_database_that_is_away_changes_nothing(sessions: Sessions, monkeypatch: pytest.MonkeyPatch):
    def away() -> NoReturn:
        raise OperationalError("BEGIN", None, Exception("away"))

    monkeypatch.setattr(sessions, "begin", away)
    refusals = Refusals()
    refusals.note(sessions, "signature", NOON)
    monkeypatch.undo()
    refusals.note(sessions, "signature", NOON + timedelta(minutes=1))
    with sessions.read() as db:
        assert 1 == db.scalars(select(AuditLine)).one().count
