"""One-time links."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.models import OneTimeLink
from ivr.store.people import links, staff
from tests.builders import PASSWORD, new_staff

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


def test_a_link_is_for_one_person_once_and_for_three_days(writing: Session):
    """A83: a newer one, a new password, or a stopped account ends it; only its hash is kept."""
    person = new_staff(writing)
    first, second = links.make(writing, person, NOON), links.make(writing, person, NOON)
    writing.flush()

    assert second not in writing.scalars(select(OneTimeLink.sha256)).one()
    assert person is links.whose(writing, f" {second}\n", NOON + timedelta(days=2))
    for code, at in ((first, NOON), (second, NOON + links.LASTS), ("", NOON), ("x" * 5000, NOON)):
        with pytest.raises(links.DeadLink):
            links.whose(writing, code, at)
    staff.set_password(writing, person, PASSWORD)
    with pytest.raises(links.DeadLink):
        links.whose(writing, second, NOON)


def test_a_stopped_account_is_not_opened_by_its_link(writing: Session):
    person = new_staff(writing)
    code = links.make(writing, person, NOON)
    staff.disable(writing, person, NOON)

    with pytest.raises(links.DeadLink):
        links.whose(writing, code, NOON)
