"""Passwords that protect, and what a wrong one costs."""

from datetime import UTC, datetime

import pytest
from argon2 import extract_parameters
from sqlalchemy.orm import Session

from ivr.store.models import Staff
from ivr.store.people import passwords, staff, throttle
from ivr.store.session import Sessions
from tests.builders import PASSWORD, new_staff

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


def add(db: Session, name: str = "Wang Fang", password: str = PASSWORD, **fields) -> Staff:
    return staff.add(db, **{"name": name, "role": "volunteer", "password": password, "now": NOON} | fields)


def test_passwords_are_hashed_as_owasp_asks(writing: Session):
    parameters = extract_parameters(add(writing).password_hash)

    assert (19_456, 2, 1) == (parameters.memory_cost, parameters.time_cost, parameters.parallelism)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short-pw-11",
        "wang fang",
        "wang fangwang fang",
        "PassWord12345678",
        "123456789012345",
        "Iloveyousunshine",
        "aaaaaaaaaaaaaaa",
        "abababababababab",
        "hotline-热线-1234",
        "wang fang-wang7",
        "fourteen chars",
    ],
)
def test_a_password_that_anybody_would_try_is_refused(writing: Session, password: str):
    """A82"""
    with pytest.raises(passwords.BadPassword):
        add(writing, password=password)


@pytest.mark.parametrize(
    "password",
    ["x-2!z" * 250, "银杏树下有十二个小板凳，坐着猫", "🌾🌽🍠🥔🍚🍜🥟🍲🥬🥕🧄🧅🍎🍐🍊", "trailing space ok "],
)
def test_a_long_password_is_taken_whole(sessions: Sessions, password: str):
    """A82: In any script, and to its last character."""
    with sessions.begin() as db:
        add(db, password=password)

    assert passwords.authenticate(sessions, "wang fang", password, NOON)
    with pytest.raises(passwords.LoginFailed):
        passwords.authenticate(sessions, "wang fang", password[:-1], NOON)


def test_a_wrong_password_and_an_unknown_name_fail_alike(sessions: Sessions):
    with sessions.begin() as db:
        new_staff(db)
        new_staff(db, name="gone", disabled_at=NOON)

    for name, password in (("张三", "wrong"), ("nobody", PASSWORD), ("gone", PASSWORD), ("", ""), ("张三", "")):
        with pytest.raises(passwords.LoginFailed):
            passwords.authenticate(sessions, name, password, NOON)


def test_an_old_hash_is_renewed_at_the_next_login(sessions: Sessions):
    with sessions.begin() as db:
        old = new_staff(db).password_hash

    assert old != passwords.authenticate(sessions, "张三", PASSWORD, NOON).password_hash


def test_no_more_than_four_hash_at_once(sessions: Sessions):
    """The fifth is asked to wait: the cores belong to the calls."""
    for _ in range(4):
        passwords.HASHING.acquire()
    try:
        with pytest.raises(throttle.Locked):
            passwords.authenticate(sessions, "nobody", PASSWORD, NOON)
    finally:
        passwords.HASHING.release(4)


def test_with_a_second_factor_twelve_characters_do(writing: Session):
    """A82"""
    person = add(writing)
    with pytest.raises(passwords.BadPassword, match="15 characters"):
        staff.set_password(writing, person, "twelve chars")
    person.factor_sealed = "sealed"
    staff.set_password(writing, person, "twelve chars")
    with pytest.raises(passwords.BadPassword, match="12 characters"):
        staff.set_password(writing, person, "eleven char")


def test_what_the_hotline_is_called_is_no_password(writing: Session):
    """A82"""
    with pytest.raises(passwords.BadPassword, match="own words"):
        add(writing, password="Red-Collar-2026!!", own_words=("red-collar",))


def test_the_ten_thousand_commonest_are_known():
    assert 10_000 < len(passwords._common())
    assert {"123456", "dragon", "woaini1314520"} < passwords._common()
