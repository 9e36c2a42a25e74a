"""Inserting what may be there already, without minding who was first."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ivr.store.models import Base

INSERTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}  # that know ON CONFLICT


def insert_new(db: Session, model: type[Base], **values: Any) -> None:
    """Insert a row unless one of the same key is there; two who do it at once make one row."""
    insert = INSERTS[db.get_bind().dialect.name]
    db.execute(insert(model).values(**values).on_conflict_do_nothing())
