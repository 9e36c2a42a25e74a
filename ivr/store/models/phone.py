"""Telephone numbers, in one table of their own so that they can be encrypted and erased in one place."""

from sqlalchemy import Computed, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.store.models.base import Base


class Phone(Base):
    """One telephone number, E.164. Everything else refers to it by id."""

    __tablename__ = "phones"

    id: Mapped[int] = mapped_column(primary_key=True)
    e164: Mapped[str] = mapped_column(String(16), unique=True)
    # What a masked number shows, and people search by. The database makes it, so no row can lack it.
    tail: Mapped[str] = mapped_column(String(4), Computed("substr(e164, length(e164) - 3)"), index=True)

    @property
    def masked(self) -> str:
        """For eyes that need to tell two callers apart, not to ring them: ``•••• 0001``."""
        return f"•••• {self.e164[-4:]}"
