"""Who can log in, and what a change of them ends."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from ivr.store.models import Staff
from ivr.store.people import logins, passwords, staff
from ivr.store.session import Sessions
from tests.builders import PASSWORD, new_community, new_staff

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


def add(db: Session, name: str = "Wang Fang", password: str = PASSWORD, **fields) -> Staff:
    return staff.add(db, **{"name": name, "role": "volunteer", "password": password, "now": NOON} | fields)


def test_somebody_who_was_added_can_log_in(sessions: Sessions):
    with sessions.begin() as db:
        new_community(db)
        add(db, "Ｗang  Fang", role="officer", communities=["330206001001", "330206001001"])

    person = passwords.authenticate(sessions, " wang fang ", PASSWORD, NOON)

    assert ("wang fang", "officer", ["330206001001"]) == (person.name, person.role, person.community_codes)


@pytest.mark.parametrize(("field", "value"), [("role", "king"), ("communities", ["nowhere"])])
def test_roles_and_communities_must_exist(writing: Session, field: str, value):
    with pytest.raises(ValueError, match="no"):
        add(writing, **{field: value})


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
