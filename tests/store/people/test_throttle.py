"""Logging in is slowed by name and by address, for names that somebody has and names that nobody has alike."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select

from ivr.store.models import LoginTries
from ivr.store.people import logins, passwords, staff, throttle
from ivr.store.people.throttle import Locked, Source
from ivr.store.session import Sessions
from tests.builders import PASSWORD, new_staff

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
STRANGER = Source("203.0.113.9")
WRONG = "wrong"


@pytest.fixture
def person(sessions: Sessions) -> int:
    with sessions.begin() as db:
        return new_staff(db, "张三").id


def attempt(sessions: Sessions, name: str, password: str = WRONG, now: datetime = NOON, source: Source = STRANGER):
    """What became of a try: its person, or the failure's class."""
    try:
        return passwords.authenticate(sessions, name, password, now, source)
    except (passwords.LoginFailed, Locked) as failure:
        return type(failure)


@pytest.mark.parametrize("name", ["张三", "nobody"])
def test_wrong_passwords_cost_one_two_four_minutes(sessions: Sessions, person: int, name: str):
    """A69, A71: five tries are free; then the wait doubles, even for the right password, and whoever has the name."""
    for _ in range(throttle.NAME.free - 1):
        assert passwords.LoginFailed is attempt(sessions, name)

    now = NOON
    for minutes in (1, 2, 4):
        assert passwords.LoginFailed is attempt(sessions, name, now=now)
        with pytest.raises(Locked) as locked:
            passwords.authenticate(sessions, name, PASSWORD, now)
        assert 60 * minutes + 1 == locked.value.wait_s
        now += timedelta(minutes=minutes)


def test_a_name_that_somebody_has_costs_the_same_as_one_that_nobody_has(sessions: Sessions, person: int, monkeypatch):
    """A71: as many questions to the database and as many hashes, so their times tell nothing."""
    hashes: list[str] = []
    verify = passwords._verify
    monkeypatch.setattr(passwords, "_verify", lambda known, password: hashes.append(known) or verify(known, password))
    costs = []
    for name in ("张三", "nobody"):
        asked: list[str] = []
        event.listen(sessions.engine, "before_cursor_execute", listen := lambda *args, to=asked: to.append(args[2]))
        attempt(sessions, name)
        event.remove(sessions.engine, "before_cursor_execute", listen)
        costs.append(asked)
    assert len(costs[0]) == len(costs[1])
    assert 2 == len(hashes)


def test_strangers_lock_nobody_out_of_a_browser_they_know(sessions: Sessions, person: int):
    """A69: their own browser is counted by itself, and has its limit too."""
    known = Source("198.51.100.7", "browser", frozenset({person}))
    while attempt(sessions, "张三") is passwords.LoginFailed:
        pass
    assert Locked is attempt(sessions, "张三", PASSWORD)

    assert person == attempt(sessions, "张三", PASSWORD, source=known).id
    for _ in range(throttle.DEVICE.free):
        assert passwords.LoginFailed is attempt(sessions, "张三", source=known)
    assert Locked is attempt(sessions, "张三", PASSWORD, source=known)


def test_a_browser_that_knows_one_is_a_stranger_to_another(sessions: Sessions, person: int):
    with sessions.begin() as db:
        new_staff(db, "li")
    for _ in range(throttle.NAME.free):
        attempt(sessions, "li", source=Source("198.51.100.7", "browser", frozenset({person})))

    assert Locked is attempt(sessions, "li", PASSWORD)


@pytest.mark.parametrize("addresses", [["203.0.113.9"], ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9"]])
def test_one_password_under_many_names_is_slowed_by_its_address(sessions: Sessions, person: int, addresses: list[str]):
    """A70: of IPv6, by the network of one household."""
    tries = [
        attempt(sessions, f"name {n}", source=Source(addresses[n % len(addresses)]))
        for n in range(throttle.ADDRESS.free + 1)
    ]
    assert [passwords.LoginFailed] * throttle.ADDRESS.free + [Locked] == tries
    assert Locked is attempt(sessions, "张三", PASSWORD, source=Source(addresses[0]))
    assert person == attempt(sessions, "张三", PASSWORD, source=Source("198.51.100.7")).id


def test_an_office_behind_one_address_logs_in_as_often_as_it_likes(sessions: Sessions, person: int):
    for _ in range(throttle.ADDRESS.free + 5):
        assert person == attempt(sessions, "张三", PASSWORD).id


def test_the_right_password_forgives_the_wrong_ones(sessions: Sessions, person: int):
    for _ in range(3):
        for _ in range(throttle.NAME.free - 1):
            assert passwords.LoginFailed is attempt(sessions, "张三", source=Source())
        assert person == attempt(sessions, "张三", PASSWORD, source=Source()).id


def test_a_wait_is_an_hour_at_most_and_a_day_forgets(sessions: Sessions, person: int):
    now = NOON
    for _ in range(20):
        attempt(sessions, "张三", now=now)
        now += throttle.LONGEST
    assert person == attempt(sessions, "张三", PASSWORD, now=now + timedelta(days=1, hours=1)).id


def test_what_is_over_is_swept_at_a_login(sessions: Sessions, person: int):
    """Names that were typed are kept as hashes, and not for long."""
    attempt(sessions, "somebody's-password")
    with sessions.begin() as db:
        assert "somebody" not in str(db.execute(select(LoginTries.key)).all())
        logins.start(db, staff.named(db, "张三"), NOON + timedelta(days=2))
        assert 0 == db.scalar(select(func.count()).select_from(LoginTries))
