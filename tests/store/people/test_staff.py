"""People: names that cannot be mistaken, passwords that protect, logins that end."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import extract_parameters
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.models import Staff
from ivr.store.people import logins, staff
from ivr.store.session import Sessions
from tests.builders import PASSWORD, new_community, new_staff

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


@pytest.fixture
def writing(sessions: Sessions):
    with sessions.begin() as db:
        yield db


def add(db: Session, name: str = "Wang Fang", password: str = PASSWORD, **fields) -> Staff:
    return staff.add(db, **{"name": name, "role": "volunteer", "password": password, "now": NOON} | fields)


def test_somebody_who_was_added_can_log_in(sessions: Sessions):
    with sessions.begin() as db:
        new_community(db)
        add(db, "Ｗang  Fang", role="officer", communities=["330206001001", "330206001001"])

    person = staff.authenticate(sessions, " wang fang ", PASSWORD, NOON)

    assert ("wang fang", "officer", ["330206001001"]) == (person.name, person.role, person.community_codes)


def test_passwords_are_hashed_as_owasp_asks(writing: Session):
    parameters = extract_parameters(add(writing).password_hash)

    assert (19_456, 2, 1) == (parameters.memory_cost, parameters.time_cost, parameters.parallelism)


@pytest.mark.parametrize("name", ["", "  ", "a" * 65, "li\x07", "li\u200blei", "li\u202elei"])
def test_a_name_can_be_read(writing: Session, name: str):
    with pytest.raises(staff.BadName):
        add(writing, name)


@pytest.mark.parametrize("name", ["admin", "Admin", "ADMIN ", "аdmin", "ａｄｍｉｎ", "αdmin"])
def test_nobody_can_pass_for_another(writing: Session, name: str):
    """A86: Case, width and look-alike letters of other scripts make no other person."""
    add(writing, "admin")

    with pytest.raises(staff.BadName):
        add(writing, name)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short-pw-11",
        "wang fang",
        "wang fangwang fang",
        "PassWord1234",
        "123456789012",
        "aaaaaaaaaaaa",
        "ababababababab",
    ],
)
def test_a_password_that_anybody_would_try_is_refused(writing: Session, password: str):
    """A82"""
    with pytest.raises(staff.BadPassword):
        add(writing, password=password)


@pytest.mark.parametrize(
    "password", ["x-2!z" * 250, "银杏树下有十二个小板凳啊", "🌾🌽🍠🥔🍚🍜🥟🍲🥬🥕🧄🧅", "trailing space ok "]
)
def test_a_long_password_is_taken_whole(sessions: Sessions, password: str):
    """A82: In any script, and to its last character."""
    with sessions.begin() as db:
        add(db, password=password)

    assert staff.authenticate(sessions, "wang fang", password, NOON)
    with pytest.raises(staff.LoginFailed):
        staff.authenticate(sessions, "wang fang", password[:-1], NOON)


@pytest.mark.parametrize(("field", "value"), [("role", "king"), ("communities", ["nowhere"])])
def test_roles_and_communities_must_exist(writing: Session, field: str, value):
    with pytest.raises(ValueError, match="no"):
        add(writing, **{field: value})


def test_a_wrong_password_and_an_unknown_name_fail_alike(sessions: Sessions):
    with sessions.begin() as db:
        new_staff(db)
        new_staff(db, name="gone", disabled_at=NOON)

    for name, password in (("张三", "wrong"), ("nobody", PASSWORD), ("gone", PASSWORD), ("", ""), ("张三", "")):
        with pytest.raises(staff.LoginFailed):
            staff.authenticate(sessions, name, password, NOON)


def test_wrong_passwords_cost_one_two_four_minutes(sessions: Sessions):
    """Five tries are free; then the wait doubles, and even the right password waits."""
    with sessions.begin() as db:
        new_staff(db)
    for _ in range(staff.FREE_TRIES - 1):
        with pytest.raises(staff.LoginFailed):
            staff.authenticate(sessions, "张三", "wrong", NOON)

    now = NOON
    for minutes in (1, 2, 4):
        with pytest.raises(staff.LoginFailed):
            staff.authenticate(sessions, "张三", "wrong", now)
        with pytest.raises(staff.Locked) as locked:
            staff.authenticate(sessions, "张三", PASSWORD, now)
        assert 60 * minutes + 1 == locked.value.wait_s
        now += timedelta(minutes=minutes)


def test_the_right_password_forgives_the_wrong_ones(sessions: Sessions):
    with sessions.begin() as db:
        new_staff(db, failed_logins=4)

    staff.authenticate(sessions, "张三", PASSWORD, NOON)

    with sessions.read() as db:
        assert db.scalars(select(Staff.failed_logins)).one() == 0


def test_an_old_hash_is_renewed_at_the_next_login(sessions: Sessions):
    with sessions.begin() as db:
        old = new_staff(db).password_hash

    assert old != staff.authenticate(sessions, "张三", PASSWORD, NOON).password_hash


def test_no_more_than_four_hash_at_once(sessions: Sessions):
    """The fifth is asked to wait: the cores belong to the calls."""
    for _ in range(4):
        staff.HASHING.acquire()
    try:
        with pytest.raises(staff.Locked):
            staff.authenticate(sessions, "nobody", PASSWORD, NOON)
    finally:
        staff.HASHING.release(4)


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


@pytest.mark.parametrize(
    "change",
    [
        lambda db, person: staff.set_password(db, person, "another-lane-at-dusk"),
        lambda db, person: staff.set_role(db, person, "admin"),
        lambda db, person: staff.disable(db, person, NOON),
    ],
)
def test_a_change_of_password_or_role_ends_every_login(writing: Session, change):
    person = new_staff(writing)
    secrets = [logins.start(writing, person, NOON) for _ in range(2)]

    change(writing, person)

    assert [None, None] == [logins.find(writing, secret, NOON) for secret in secrets]


def test_logging_out_ends_this_login_only(writing: Session):
    person = new_staff(writing)
    here, there = (logins.start(writing, person, NOON) for _ in range(2))

    logins.end(writing, here)

    assert logins.find(writing, here, NOON) is None
    assert logins.find(writing, there, NOON)
