"""Transactions: all or nothing, one writer after the other, and no waiting for ever."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, func, select

from ivr.store import hotline
from ivr.store.models import Hotline
from ivr.store.session import Sessions


def test_a_block_that_fails_leaves_nothing_behind(sessions: Sessions) -> None:
    """F1: What was not committed was never acknowledged."""

    def half_way() -> None:
        with sessions.begin() as db:
            hotline.settings(db).directory_version = 7
            db.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_way()
    with sessions.read() as db:
        assert 0 == hotline.settings(db).directory_version


def test_many_writers_lose_no_change(sessions: Sessions) -> None:
    """Fifty read-then-write transactions at once come to fifty."""

    def one_more(_: int) -> None:
        with sessions.begin() as db:
            db.scalars(select(Hotline).with_for_update(of=Hotline)).one().directory_version += 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one_more, range(50)))

    with sessions.read() as db:
        assert 50 == hotline.settings(db).directory_version


def test_a_connection_that_was_cut_while_it_rested_is_replaced(
    database_engine: str, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that was restarted in the night costs the first caller of the morning nothing."""
    if database_engine != "postgresql":
        pytest.skip("SQLite has no connection that anybody could cut")
    monkeypatch.setattr("ivr.store.session.RESTED_S", 0)
    with sessions.read() as db:
        cut = db.scalars(select(func.pg_backend_pid())).one()
    stranger = create_engine(sessions.engine.url)
    with stranger.connect() as connection:
        assert connection.scalar(select(func.pg_terminate_backend(cut, 5_000)))
    stranger.dispose()
    with sessions.read() as db:
        assert cut != db.scalars(select(func.pg_backend_pid())).one()
