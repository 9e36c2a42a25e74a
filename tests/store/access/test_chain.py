"""The audit is only added to, and tells when somebody went round that."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from ivr.store.access import audit, chain
from ivr.store.access.audit import Client
from ivr.store.facts.audit import LoggedIn, PrintedTicket, Refused
from ivr.store.models import AuditLine
from ivr.store.session import Sessions
from tests.builders import new_staff

NOON = datetime(2026, 3, 1, 4, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def five(sessions: Sessions) -> None:
    """A line an hour, in transactions of one, two and two lines."""
    with sessions.begin() as db:
        person = new_staff(db)
        audit.append(db, person, LoggedIn(), NOON)
    for hour in (1, 3):
        with sessions.begin() as db:
            for n in (hour, hour + 1):
                audit.append(db, person, PrintedTicket(n), NOON + timedelta(hours=n))


def verdict(sessions: Sessions) -> chain.Verdict:
    with sessions.read() as db:
        return chain.verify(db)


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    "statement",
    [
        update(AuditLine).values(kind="logged_out"),
        update(AuditLine).where(AuditLine.id == 5).values(hash=None),
        delete(AuditLine).where(AuditLine.id == 5),
        delete(AuditLine),
    ],
    ids=str,
)
def test_no_line_is_changed_or_taken_out(sessions: Sessions, statement):
    """A89: the database itself refuses."""
    with pytest.raises(DBAPIError, match="only added to"), sessions.begin() as db:
        db.execute(statement)
    assert (5, None) == (verdict(sessions).lines, verdict(sessions).broken)


@pytest.mark.usefixtures("five")
def test_postgresql_is_not_emptied(sessions: Sessions):
    """A89"""
    if sessions.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DBAPIError, match="only added to"), sessions.begin() as db:
        db.execute(text("TRUNCATE audit"))


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("UPDATE audit SET staff_id = NULL WHERE id = 2", 2),
        ("UPDATE audit SET address = '203.0.113.9' WHERE id = 5", 5),
        ("UPDATE audit SET hash = NULL WHERE id = 3", 3),
        ("DELETE FROM audit WHERE id = 3", 4),
        ("INSERT INTO audit (at, action, detail, count) SELECT at, action, detail, 1 FROM audit WHERE id = 2", 6),
    ],
)
def test_whoever_goes_round_the_triggers_is_told(sessions: Sessions, change: str, broken: int):
    """A114: by the first line that does not fit."""
    with sessions.begin() as db:
        if sessions.engine.dialect.name == "sqlite":
            db.execute(text("DROP TRIGGER audit_no_change"))
            db.execute(text("DROP TRIGGER audit_no_removal"))
        else:
            db.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
        db.execute(text(change))
    assert broken == verdict(sessions).broken


def test_lines_of_an_earlier_release_begin_the_chain(sessions: Sessions):
    with sessions.begin() as db:
        db.add(AuditLine(at=NOON, kind="logged_in", detail={}))
    with sessions.begin() as db:
        audit.append(db, None, LoggedIn(), NOON)
    assert (2, 1, None) == (verdict(sessions).lines, verdict(sessions).older, verdict(sessions).broken)


@pytest.mark.usefixtures("five")
def test_a_noted_hash_proves_what_was_before_it(sessions: Sessions):
    noted = verdict(sessions)
    with sessions.begin() as db:
        audit.append(db, None, LoggedIn(), NOON)
    with sessions.read() as db:
        assert chain.is_still(db, noted.last, noted.hash)
        assert not chain.is_still(db, noted.last, "another")
        assert not chain.is_still(db, 999, noted.hash)


def test_many_write_at_once_and_it_is_one_chain(sessions: Sessions):
    def one(n: int) -> None:
        with sessions.begin() as db:
            audit.append(db, None, Refused(f"{n}"), NOON)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(24)))
    assert (24, None) == (verdict(sessions).lines, verdict(sessions).broken)


def test_what_is_undone_leaves_no_line(sessions: Sessions):
    def undone() -> None:
        with sessions.begin() as db:
            audit.append(db, None, LoggedIn(), NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    assert 0 == verdict(sessions).lines


def test_a_line_says_where_the_request_came_from(sessions: Sessions):
    token = audit.CLIENT.set(Client("203.0.113.9", "abc"))
    with sessions.begin() as db:
        audit.append(db, None, LoggedIn(), NOON, count=3)
    audit.CLIENT.reset(token)
    with sessions.read() as db:
        line = db.scalars(select(AuditLine)).one()
        assert ("203.0.113.9", "abc", 3) == (line.address, line.session, line.count)


@pytest.mark.usefixtures("five")
def test_old_lines_go_and_the_chain_goes_on(sessions: Sessions):
    """From the first on, never out of the middle; the end that is left behind is where the rest begins."""
    for hours, (lines, last) in ((2, (2, 2)), (4, (2, 4))):
        with sessions.begin() as db:
            assert (lines, last) == chain.cut(db, NOON + timedelta(hours=hours), NOON)
        assert None is verdict(sessions).broken
    with sessions.begin() as db:
        assert None is chain.cut(db, NOON, NOON)
        audit.append(db, None, LoggedIn(), NOON)
    assert (2, None) == (verdict(sessions).lines, verdict(sessions).broken)
    with sessions.read() as db:
        assert 2 == db.scalar(select(func.count()).select_from(AuditLine))
