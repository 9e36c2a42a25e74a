"""Recordings of what the line says: kept beside the settings that name them, so that a version can be put back."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.store.models.base import Base


class Clip(Base):
    """A recording as the telephone gets it: a WAV file. ``digest``: of its bytes, and so its name. Never changed."""

    __tablename__ = "clips"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    seconds: Mapped[float]
    kept_at: Mapped[datetime]
    sound: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
