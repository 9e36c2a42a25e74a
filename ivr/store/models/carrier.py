"""How far the carrier's own lists were compared with what we have."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.store.models.base import Base


class CarrierCheck(Base):
    """One row a carrier. All that it has from before ``read_until`` is here; null: it was never read to the end.

    ``trouble`` says why the last comparison failed (see ``ivr.carrier.errors``), null when it did not.
    """

    __tablename__ = "carrier_checks"

    carrier: Mapped[str] = mapped_column(String(16), primary_key=True)
    read_until: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    trouble: Mapped[str | None] = mapped_column(String(16))
