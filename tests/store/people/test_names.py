"""A name can be read, and taken for nobody else's."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from ivr.store.models import Staff
from ivr.store.people import names, staff
from tests.builders import PASSWORD

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


def add(db: Session, name: str = "Wang Fang", password: str = PASSWORD, **fields) -> Staff:
    return staff.add(db, **{"name": name, "role": "volunteer", "password": password, "now": NOON} | fields)


@pytest.mark.parametrize("name", ["", "  ", "a" * 65, "li\x07", "li\u200blei", "li\u202elei"])
def test_a_name_can_be_read(writing: Session, name: str):
    with pytest.raises(names.BadName):
        add(writing, name)


@pytest.mark.parametrize("name", ["admin", "Admin", "ADMIN ", "аdmin", "ａｄｍｉｎ", "αdmin"])
def test_nobody_can_pass_for_another(writing: Session, name: str):
    """A86: Case, width and look-alike letters of other scripts make no other person."""
    add(writing, "admin")

    with pytest.raises(names.BadName):
        add(writing, name)
