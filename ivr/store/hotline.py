"""The hotline's one row of settings."""

from sqlalchemy.orm import Session

from ivr.store.models import Hotline


def settings(db: Session) -> Hotline:
    """The row; the first migration made it."""
    return db.get_one(Hotline, 1)


def directory_changed(db: Session) -> None:
    """Tell every process that its matcher is old. The database counts, so that two changes at once count twice."""
    settings(db).directory_version = Hotline.directory_version + 1
    db.flush()
