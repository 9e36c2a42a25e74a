"""Telephone numbers: one form, one row."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.store.callers import phones
from ivr.store.models import Phone
from ivr.store.session import Sessions

NUMBER = "+8613800000001"


@pytest.mark.parametrize(
    "raw",
    [
        "+8613800000001",
        "13800000001",
        "138 0000 0001",
        "0086 138-0000-0001",
        "+86 (138) 0000 0001",
        "１３８００００００01",
    ],
)
def test_a_number_has_one_form(raw: str):
    """However it is written; without a country code it is one of the hotline's country."""
    assert NUMBER == phones.normal(raw, "CN")


def test_the_country_decides_what_a_bare_number_is():
    assert ("+442070000001", "+8657455500111") == (
        phones.normal("020 7000 0001", "GB"),
        phones.normal("0574 5550 0111", "CN"),
    )


@pytest.mark.parametrize(
    "raw",
    [
        "", "anonymous", "Restricted", "unknown", "+266696687", "266696687", "+7378742833", "2562533", "8656696",
        "86282452253", "sip:x@y", "client:bob", "user@example", "12", "1" * 40, "\x00", "+", "++86", "' OR 1=1", "NaN",
    ],
)  # fmt: skip
def test_what_is_no_number_is_none(raw: str):
    """Withheld in Twilio's spelling, an address, nonsense."""
    assert None is phones.normal(raw, "CN")


@given(raw=st.text())
def test_any_text_is_a_number_or_none(raw: str):
    """Never an exception, and what comes out fits its column and goes in again."""
    number = phones.normal(raw, "CN")
    if number is not None:
        assert len(number) <= 16
        assert number == phones.normal(number, "CN")


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
