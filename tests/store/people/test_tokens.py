"""A token opens the door until it is revoked, and nobody can read it from the database."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.models import ApiToken
from ivr.store.people import tokens
from ivr.store.people.tokens import NameTaken, UnknownToken

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_a_token_is_found_by_its_text(db: Session) -> None:
    """Whoever shows it is who it was made for."""
    token = tokens.add(db, "reports", NOW)
    found = tokens.find(db, token)
    assert found
    assert "reports" == found.name


def test_only_the_hash_is_kept(db: Session) -> None:
    """A84: A copy of the database opens nothing."""
    token = tokens.add(db, "reports", NOW)
    db.flush()
    row = db.scalars(select(ApiToken)).one()
    assert token not in (row.name, row.sha256)
    assert tokens.find(db, row.sha256) is None


def test_any_other_text_is_nobodys(db: Session) -> None:
    """Whatever is shown, the answer is no rather than an error."""
    tokens.add(db, "reports", NOW)
    for text in ("", "x", "令牌", "\udcff", "\x00", "a" * 10_000):
        assert tokens.find(db, text) is None


def test_a_revoked_token_opens_nothing(db: Session) -> None:
    """Revoking counts at once; doing it again changes nothing."""
    token = tokens.add(db, "reports", NOW)
    tokens.revoke(db, "reports", NOW)
    tokens.revoke(db, "reports", datetime.now(UTC))
    assert tokens.find(db, token) is None
    assert NOW == db.scalars(select(ApiToken.revoked_at)).one()


def test_a_name_means_one_token_for_ever(db: Session) -> None:
    """The audit names tokens: a second one of the same name would be mistaken for the first."""
    tokens.add(db, "reports", NOW)
    tokens.revoke(db, "reports", NOW)
    with pytest.raises(NameTaken):
        tokens.add(db, "reports", NOW)


def test_a_token_nobody_made_cannot_be_revoked(db: Session) -> None:
    """A mistyped name is told, so that nobody believes the door to be shut."""
    with pytest.raises(UnknownToken):
        tokens.revoke(db, "reports", NOW)
