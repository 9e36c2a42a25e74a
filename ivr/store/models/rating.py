"""How callers found the help that they had."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from ivr.store.models.base import Base


class Rating(Base):
    """One key, after a talk with a person (``call_id``) or in a closing call (``outgoing_id``).

    ``staff_id``: of whom it speaks; null at the duty number. It stands in no ticket's history and no call's turns, so
    that nobody reads there what a caller thought of a colleague.
    """

    __tablename__ = "ratings"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("calls.id"), unique=True)
    outgoing_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing.id"), unique=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    good: Mapped[bool]
    at: Mapped[datetime]
