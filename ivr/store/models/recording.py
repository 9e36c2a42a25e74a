"""Recordings: what a caller said, where it is kept, and whether it has arrived."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.store.models.base import Base

if TYPE_CHECKING:
    from ivr.store.models.call import Call
    from ivr.store.models.ticket import Ticket

STATES = ("expected", "fetched", "missing", "purged")
ABSENT = "absent"  # the trouble of one of which the carrier says that there is no sound


class Recording(Base):
    """One recorded message. ``expected`` until the worker has fetched it from the call's carrier.

    ``missing``: the carrier says there is none, or would not give it for as long as we ask, or what it gives is no
    sound (its ``trouble`` is then ``damaged``). A fetched one is ``short`` when it lasts less than the carrier said.
    ``sha256`` is of the stored bytes, ``path`` where they lie in the audio store (made from our own id, never from a
    request).
    """

    __tablename__ = "recordings"
    __table_args__ = (Index("recordings_by_state", "state", "announced_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(String(64), unique=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"), index=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    seconds: Mapped[int | None]  # null while the carrier has not said
    state: Mapped[str] = mapped_column(String(16), default="expected")
    announced_at: Mapped[datetime]
    fetched_at: Mapped[datetime | None]
    path: Mapped[str | None] = mapped_column(String(200))
    bytes: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    carrier_gone_at: Mapped[datetime | None]  # a purged one: when the carrier took it away, too
    trouble: Mapped[str | None] = mapped_column(String(200))  # why it is missing, for staff

    call: Mapped["Call"] = relationship(back_populates="recordings")
    ticket: Mapped["Ticket | None"] = relationship(back_populates="recordings")
