"""The hotline's one row of settings."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from ivr.store.models import Hotline

DEFAULT = "default"  # marks the hours that a migration gave a fresh installation; who sets hours sets them without it


def settings(db: Session) -> Hotline:
    """The row; the first migration made it."""
    return db.get_one(Hotline, 1)


def directory_changed(db: Session) -> None:
    """Tell every process that its matcher is old. The database counts, so that two changes at once count twice."""
    settings(db).directory_version = Hotline.directory_version + 1
    db.flush()


def spoken(hours: Mapping[str, Any], zone: str) -> str:
    """``from 08:00 to 20:00 (Asia/Shanghai)``, as commands say it."""
    return f"from {hours['from']} to {hours['to']} ({zone})" if hours else "day and night"
