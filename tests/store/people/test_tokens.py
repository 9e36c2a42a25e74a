"""A token opens the door until it is revoked, and nobody can read it from the database."""

from datetime import UTC, datetime, timedelta

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
    found = tokens.find(db, token, NOW)
    assert found
    assert "reports" == found.name


def test_only_the_hash_is_kept(db: Session) -> None:
    """A84: A copy of the database opens nothing."""
    token = tokens.add(db, "reports", NOW)
    db.flush()
    row = db.scalars(select(ApiToken)).one()
    assert token not in (row.name, row.sha256)
    assert tokens.find(db, row.sha256, NOW) is None


def test_any_other_text_is_nobodys(db: Session) -> None:
    """Whatever is shown, the answer is no rather than an error."""
    tokens.add(db, "reports", NOW)
    for text in ("", "x", "令牌", "\udcff", "\x00", "a" * 10_000):
        assert tokens.find(db, text, NOW) is None


def test_a_revoked_token_opens_nothing(db: Session) -> None:
    """Revoking counts at once; doing it again changes nothing."""
    token = tokens.add(db, "reports", NOW)
    tokens.revoke(db, "reports", NOW)
    tokens.revoke(db, "reports", datetime.now(UTC))
    assert tokens.find(db, token, NOW) is None
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


def test_a_token_ends_when_its_time_is_over(db: Session) -> None:
    """A84"""
    token = tokens.add(db, "reports", NOW, lasts=timedelta(days=1))
    assert tokens.find(db, token, NOW + timedelta(hours=23))
    assert tokens.find(db, token, NOW + timedelta(days=1)) is None


def test_a_token_comes_so_often_in_a_minute(db: Session) -> None:
    token = tokens.add(db, "reports", NOW, per_minute=2)
    row = tokens.find(db, token, NOW)
    pace = tokens.Pace()
    assert [False, False, True] == [pace.too_often(row, NOW) for _ in range(3)]
    assert not pace.too_often(row, NOW + timedelta(minutes=1))
