"""Transactions: all or nothing, one writer after the other, and no waiting for ever."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import exc, select

from ivr.store import hotline
from ivr.store.models import Hotline
from ivr.store.session import Sessions, WritersQueue


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


def test_a_writer_is_told_when_the_others_take_too_long(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A caller hears an apology in time rather than silence."""
    monkeypatch.setattr("ivr.store.session.BUSY_TIMEOUT_MS", 10)
    queue = WritersQueue(str(tmp_path / "hotline.db"))
    inside, done = threading.Event(), threading.Event()

    def dawdle() -> None:
        with queue.turn():
            inside.set()
            done.wait()

    slow = threading.Thread(target=dawdle)
    slow.start()
    inside.wait()
    with pytest.raises(exc.TimeoutError), queue.turn():
        pass
    done.set()
    slow.join()
    with queue.turn():
        pass
