"""Transactions: all or nothing, one writer after the other, and no waiting for ever."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from ivr.store import hotline
from ivr.store.models import Hotline
from ivr.store.session import Sessions


def test_a_block_that_fails_leaves_nothing_behind(sessions: Sessions) -> None:
    """What was not committed was never acknowledged."""

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
