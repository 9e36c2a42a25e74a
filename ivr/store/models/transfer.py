"""Bringing a community's duty contact into a talk of a helper and a resident."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.store.models.base import Base
from ivr.store.models.outgoing import Outgoing
from ivr.store.models.staff import Staff
from ivr.store.models.ticket import Ticket


class Transfer(Base):
    """One talk into which a contact is, or was, brought; asked for once more in the same talk, it is the same row.

    ``key``: the press that asked for it last. ``helper_sid``, ``resident_sid``: the two legs at the carrier.
    ``callback_id``: the call back that the talk is; null: the resident has rung us. ``outgoing_id``: the call to the
    contact, null until it is ordered. ``unreached_at``: it could not even be ordered, or the legs not be moved.
    ``joined_at``: the helper has brought the resident in.
    """

    __tablename__ = "transfers"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    carrier: Mapped[str] = mapped_column(String(16))
    helper_sid: Mapped[str] = mapped_column(String(64), unique=True)
    resident_sid: Mapped[str] = mapped_column(String(64), unique=True)
    callback_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing.id"))
    outgoing_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing.id"), unique=True)
    asked_at: Mapped[datetime]
    unreached_at: Mapped[datetime | None]
    joined_at: Mapped[datetime | None]
    helper_left_at: Mapped[datetime | None]
    resident_left_at: Mapped[datetime | None]

    staff: Mapped[Staff] = relationship()
    ticket: Mapped[Ticket] = relationship()
    callback: Mapped[Outgoing | None] = relationship(foreign_keys=[callback_id])
    outgoing: Mapped[Outgoing | None] = relationship(foreign_keys=[outgoing_id])
