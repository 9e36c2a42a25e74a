"""How far everything has been sealed under the newest key."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.store.models.base import Base


class Resealing(Base):
    """One row: where the background goes on under these ``keys`` (a hash of their ids; null while there were none).

    ``after``: the last primary key of ``place``; ``troubles``: how much could not be opened. See
    ``ivr.store.keeping.resealing``.
    """

    __tablename__ = "resealing"

    id: Mapped[int] = mapped_column(primary_key=True)
    keys: Mapped[str | None] = mapped_column(String(16))
    place: Mapped[str] = mapped_column(Text, default="", server_default="")
    after: Mapped[list[Any] | None] = mapped_column(JSON)
    troubles: Mapped[int] = mapped_column(default=0, server_default="0")
    finished_at: Mapped[datetime | None]
