"""What somebody has typed on a ticket's page and not yet sent."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.store.models.base import Base
from ivr.store.models.sealed import SealedText


class Draft(Base):
    """One field's text of one member of staff. It outlives a reload, a logout and a change of computer."""

    __tablename__ = "drafts"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True, index=True)
    field: Mapped[str] = mapped_column(String(16), primary_key=True)
    text: Mapped[str] = mapped_column(SealedText("drafts.text"))
    saved_at: Mapped[datetime]
