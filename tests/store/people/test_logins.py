"""Logins that end."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from ivr.store.people import logins
from tests.builders import new_staff

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


def test_a_login_lives_half_an_hour_of_silence_and_twelve_hours_at_most(writing: Session):
    person = new_staff(writing)
    secret = logins.start(writing, person, NOON)

    assert logins.find(writing, secret, NOON + timedelta(minutes=30)).staff is person
    assert logins.find(writing, secret, NOON + timedelta(minutes=31)) is None
    for quarter in range(1, 49):
        logins.notice(writing, secret, NOON + timedelta(minutes=15 * quarter))
    assert logins.find(writing, secret, NOON + timedelta(hours=12))
    assert logins.find(writing, secret, NOON + timedelta(hours=12, seconds=1)) is None


def test_the_database_holds_no_secret_of_a_login(writing: Session):
    secret = logins.start(writing, new_staff(writing), NOON)

    assert secret not in logins.find(writing, secret, NOON).id_sha256


def test_logging_out_ends_this_login_only(writing: Session):
    person = new_staff(writing)
    here, there = (logins.start(writing, person, NOON) for _ in range(2))

    logins.end(writing, here)

    assert logins.find(writing, here, NOON) is None
    assert logins.find(writing, there, NOON)
