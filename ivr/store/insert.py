"""Inserting what may be there already, without minding who was first."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ivr.store.models import Base


def insert_new(db: Session, model: type[Base], **values: Any) -> None:
    """Insert a row unless one of the same key is there; two who do it at once make one row."""
    dialect = sqlite if db.get_bind().dialect.name == "sqlite" else postgresql
    db.execute(dialect.insert(model).values(**values).on_conflict_do_nothing())
