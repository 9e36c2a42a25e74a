"""A cursor that misses nothing, whoever writes at the same time and however late something was stored."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from ivr.store.models import Call
from ivr.store.reports import feed
from ivr.store.session import Sessions
from ivr.store.tickets import merging, work
from tests.builders import new_call, new_staff, new_ticket

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


@contextmanager
def settled(sessions: Sessions) -> Iterator[Session]:
    """To read when nobody writes. PostgreSQL holds back what others' transactions may still overtake, and tests that
    run at the same time share one server."""
    with sessions.read() as db:
        if db.get_bind().dialect.name == "postgresql":
            snapshot = func.pg_current_snapshot()
            quiet = select(func.pg_snapshot_xmin(snapshot) == func.pg_snapshot_xmax(snapshot))
            until = time.monotonic() + 20
            while not db.scalar(quiet) and time.monotonic() < until:
                db.rollback()
                time.sleep(0.01)
        yield db


def numbers(sessions: Sessions, after: int, limit: int = 50, **filters) -> tuple[list[str], int, bool]:
    with settled(sessions) as db:
        news = feed.tickets(db, true(), after, limit, **filters)
        return [ticket.number for ticket in news.rows], news.after, news.more


def test_a_ticket_comes_once_for_all_that_happened_and_again_when_more_does(sessions: Sessions) -> None:
    """O9: dated long before it was stored, it comes all the same."""
    with sessions.begin() as db:
        staff = new_staff(db)
        old, other = new_ticket(db), new_ticket(db, opened_at=NOON - timedelta(days=30))
    found, after, more = numbers(sessions, 0)
    assert (["1001", "1002"], False) == (found, more)
    assert ([], after, False) == numbers(sessions, after)

    with sessions.begin() as db:
        work.claim(db, staff, old.id, NOON)
        work.note(db, staff, old.id, "rang", NOON)
    found, after, _ = numbers(sessions, after)
    assert ["1001"] == found
    with sessions.begin() as db:
        work.claim(db, staff, other.id, NOON)
    assert ([], ["1002"]) == (numbers(sessions, after, status="new")[0], numbers(sessions, after)[0])
    assert ["1001"] == numbers(sessions, 0, since=datetime.now(UTC) - timedelta(hours=1))[0]


def test_long_news_are_read_in_parts_and_none_is_skipped(sessions: Sessions, monkeypatch) -> None:
    """O9: whatever the size of a part, and however often one ticket comes in it."""
    monkeypatch.setattr(feed, "LINES_PER_TICKET", 2)
    with sessions.begin() as db:
        supervisor = new_staff(db, role="supervisor")
        tickets = [new_ticket(db) for _ in range(5)]
        for ticket in tickets[:2]:
            for _ in range(6):
                work.note(db, supervisor, ticket.id, "rang", NOON)
    for limit in (1, 2, 3, 50):
        seen, after, more = set(), 0, True
        while more:
            found, after, more = numbers(sessions, after, limit)
            assert len(found) <= limit
            seen |= set(found)
        assert {ticket.number for ticket in tickets} == seen


def test_what_was_merged_comes_as_the_ticket_it_went_into(sessions: Sessions) -> None:
    with sessions.begin() as db:
        supervisor, into, gone = new_staff(db, role="supervisor"), new_ticket(db), new_ticket(db)
    _, after, _ = numbers(sessions, 0)
    with sessions.begin() as db:
        merging.merge(db, supervisor, gone.id, into.number, NOON)
    assert [into.number] == numbers(sessions, after)[0]


def test_what_is_stored_late_with_a_lower_id_is_not_passed_over(sessions: Sessions) -> None:
    """O9: PostgreSQL gives an id before it commits; SQLite lets nobody write meanwhile."""
    alone = sessions.engine.dialect.name == "sqlite"
    with sessions.begin() as slow:
        new_ticket(slow, caller=None, community=None)
        if not alone:
            with sessions.begin() as db:
                new_ticket(db, caller=None, community=None)
        with sessions.read() as db:  # not settled: we are who writes
            assert [] == feed.tickets(db, true(), 0, 50).rows, "the first has the lower id, and is still to come"
    assert (["1001"] if alone else ["1001", "1002"]) == numbers(sessions, 0)[0]


def test_a_call_comes_once_when_it_has_ended_in_order(sessions: Sessions) -> None:
    """O9: one that goes on holds back those after it, so that none is passed over."""

    def sids(after: int, limit: int = 50) -> tuple[list[str], int, bool]:
        with settled(sessions) as db:
            news = feed.calls(db, true(), after, limit)
            return [call.sid for call in news.rows], news.after, news.more

    with sessions.begin() as db:
        calls = [new_call(db, f"CA{n}", seconds=None if n == 1 else 40) for n in range(4)]
    assert ["CA0"] == sids(0)[0]
    _, after, more = sids(0)
    assert ([], False) == (sids(after)[0], more)
    with sessions.begin() as db:
        db.get_one(Call, calls[1].id).ended_at = NOON
    found, after, more = sids(after, 2)
    assert (["CA1", "CA2"], True) == (found, more)
    assert (["CA3"], False) == sids(after, 2)[::2]
