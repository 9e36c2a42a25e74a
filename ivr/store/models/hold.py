"""What must be kept, whatever its time."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.store.models.base import Base
from ivr.store.models.sealed import SealedText
from ivr.store.models.staff import Staff


class LegalHold(Base):
    """This ticket, with its calls, messages and number, is kept until somebody releases it.

    ``by`` is whoever said so at the desk; None: it was said on the command line.
    """

    __tablename__ = "legal_holds"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    since: Mapped[datetime]
    why: Mapped[str] = mapped_column(SealedText("legal_holds.why"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    by: Mapped[Staff | None] = relationship()
