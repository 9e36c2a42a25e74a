"""The hotline's one row of settings."""

from sqlalchemy.orm import Session

from ivr.store.models import Hotline


def settings(db: Session) -> Hotline:
    """The row; the first migration made it."""
    return db.get_one(Hotline, 1)
