"""Telephone numbers: one number, one row."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.store.callers import phones
from ivr.store.models import Phone
from ivr.store.session import Sessions

NUMBER = "+8613800000001"


def test_a_number_is_kept_once(sessions: Sessions, db: Session):
    with sessions.begin() as writing:
        assert phones.keep(writing, NUMBER).id == phones.keep(writing, NUMBER).id
    with sessions.begin() as writing:
        phones.keep(writing, NUMBER)
    assert [NUMBER] == list(db.scalars(select(Phone.e164)))


def test_calls_of_one_number_at_once_make_one_row(sessions: Sessions, db: Session):
    ready = Barrier(8, timeout=60)

    def ring(_: int) -> int:
        ready.wait()
        with sessions.begin() as writing:
            return phones.keep(writing, NUMBER).id

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(ring, range(8)))
    assert (1, 1) == (len(ids), db.scalar(select(func.count(Phone.id))))


def test_a_masked_number_tells_two_callers_apart():
    assert "•••• 0001" == Phone(e164=NUMBER).masked
