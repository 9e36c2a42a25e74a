"""Sentences that are recorded by telephone."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.store.models.base import Base
from ivr.store.models.outgoing import Outgoing


class Take(Base):
    """What somebody says who is rung for it: ``text`` in ``language``, for the recording of that ``key``.

    ``recording_sid``: of what they said last; ``kept``: 1 was pressed. ``trouble``, when it came to nothing: the
    carrier's (``ivr.carrier.errors``), or why it is no recording (``ivr.sound.converting``).
    """

    __tablename__ = "takes"

    outgoing_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), index=True)
    language: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
    tries: Mapped[int] = mapped_column(default=0)
    recording_sid: Mapped[str | None] = mapped_column(String(64))
    kept: Mapped[bool] = mapped_column(default=False)
    trouble: Mapped[str | None] = mapped_column(String(16))
    done: Mapped[bool] = mapped_column(default=False)

    outgoing: Mapped[Outgoing] = relationship()
