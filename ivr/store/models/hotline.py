"""What a supervisor decides for the whole hotline: hours, the duty number; and which directory is current."""

from typing import Any

from sqlalchemy import ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.store.models.base import Base
from ivr.store.models.phone import Phone


class Hotline(Base):
    """The one row (id 1) of settings that change while the hotline runs.

    ``hours`` and ``duty_hours`` are in the hotline's zone, as ``routing.hours.Hours`` reads them; empty: always.
    ``ring_order``: see ``routing.roster.selection.Order``.
    ``directory_version`` grows with every change of the directory: a process whose matcher is older reloads it.
    ``line_version`` grows with every change that people make to the line (``ivr.store.line``).
    """

    __tablename__ = "hotline"

    id: Mapped[int] = mapped_column(primary_key=True)
    hours: Mapped[dict[str, Any]] = mapped_column(default=dict)
    duty_phone_id: Mapped[int | None] = mapped_column(ForeignKey("phones.id"))
    duty_hours: Mapped[dict[str, Any]] = mapped_column(default=dict)
    directory_version: Mapped[int] = mapped_column(default=0)
    line_version: Mapped[int] = mapped_column(default=0, server_default="0")
    claim_lapses_min: Mapped[int] = mapped_column(default=60)  # without progress; then the ticket is offered again
    claim_lapses_urgent_min: Mapped[int] = mapped_column(default=15)

    ring_order: Mapped[str] = mapped_column(String(16), default="longest_idle", server_default="longest_idle")
    ring_all_callers: Mapped[bool] = mapped_column(default=False, server_default=false())  # not only who asks for it

    duty_phone: Mapped[Phone | None] = relationship(lazy="joined")
