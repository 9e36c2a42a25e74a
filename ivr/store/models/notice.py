"""How staff are told: the channels, who is told what by which, and every notice with what became of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from ivr.store.models.base import Base
from ivr.store.models.community import CommunityRow
from ivr.store.models.staff import Staff
from ivr.store.models.ticket import Ticket

NOTICE_STATES = ("waiting", "sending", "sent", "failed", "dropped")
UNSENT = ("waiting", "sending")


class Channel(Base):
    """One way to reach somebody: a mailbox, a telephone, a group's robot, another system.

    ``kind`` is a file of ``ivr/notify``. ``sealed`` holds what its form asked for, addresses and keys, encrypted (see
    ``ivr.store.seal``). A removed channel stays for the notices that refer to it, without what was sealed.
    """

    __tablename__ = "channels"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    sealed: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]  # the test button
    trouble: Mapped[str | None] = mapped_column(String(16))  # what the last test met; null when it was good
    answer: Mapped[str | None] = mapped_column(String(200))  # what the service said to it


class NoticeRule(Base):
    """Who is told of what: see ``routing.escalation.Rule``. ``hours`` as in ``Hotline``; empty means always."""

    __tablename__ = "notice_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion: Mapped[str] = mapped_column(String(16))
    minutes: Mapped[int] = mapped_column(default=0)
    community_code: Mapped[str | None] = mapped_column(ForeignKey("communities.code"))
    street: Mapped[str | None] = mapped_column(String(120))
    need: Mapped[str | None] = mapped_column(String(32))
    urgent_only: Mapped[bool] = mapped_column(default=False)
    hours: Mapped[dict[str, Any]] = mapped_column(default=dict)
    first_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    second_id: Mapped[int | None] = mapped_column(ForeignKey("channels.id"))
    second_after_min: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime]  # made or last changed

    community: Mapped[CommunityRow | None] = relationship()
    first: Mapped[Channel] = relationship(foreign_keys=first_id)
    second: Mapped[Channel | None] = relationship(foreign_keys=second_id)


class Notice(Base):
    """One channel is told one thing about one ticket, once.

    ``event`` and ``about`` are what and since when (see ``routing.escalation.Event``); together with ``step`` and
    the channel they are the key that makes it once. ``other_id`` is whom to tell when this channel fails,
    ``instead_of`` the channel that failed before this one. ``in_doubt``: a try may have reached the service though we
    had no answer.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("ticket_id", "event", "about", "step", "channel_id", name="uq_notices_told_once"),
        Index("notices_by_state", "state", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    event: Mapped[str] = mapped_column(String(16))
    about: Mapped[datetime]
    step: Mapped[int]
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    other_id: Mapped[int | None] = mapped_column(ForeignKey("channels.id"))
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("channels.id"))
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    arisen_at: Mapped[datetime]
    next_try_at: Mapped[datetime]  # while it is being sent: when another worker may think that nobody is at it
    ended_at: Mapped[datetime | None]  # sent, failed or dropped
    tries: Mapped[int] = mapped_column(default=0)
    in_doubt: Mapped[bool] = mapped_column(default=False)
    trouble: Mapped[str | None] = mapped_column(String(16))  # why the last try failed, for staff
    answer: Mapped[str | None] = mapped_column(String(200))  # what the service said, without our secrets

    ticket: Mapped[Ticket] = relationship(backref=backref("notices", order_by="Notice.id", viewonly=True))
    channel: Mapped[Channel] = relationship(foreign_keys=channel_id, lazy="joined")
    instead_of: Mapped[Channel | None] = relationship(foreign_keys=instead_of_id)


class StaffNotice(Base):
    """One member of staff is told one thing about themselves by a text message, once.

    ``kind``: paused (until ``ends_at``), shift_on, shift_off, swap_asked or swap_declined, each about the time from
    ``starts_at`` to ``ends_at``. ``about``: which pause, change or swap. States as a notice's.
    """

    __tablename__ = "staff_notices"
    __table_args__ = (
        UniqueConstraint("staff_id", "kind", "about", name="uq_staff_notices_told_once"),
        Index("staff_notices_by_state", "state", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str] = mapped_column(String(16))
    about: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    arisen_at: Mapped[datetime]
    next_try_at: Mapped[datetime]  # while it is being sent: when another worker may think that nobody is at it
    ended_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    in_doubt: Mapped[bool] = mapped_column(default=False)
    trouble: Mapped[str | None] = mapped_column(String(16))

    staff: Mapped[Staff] = relationship()


class ReportLetter(Base):
    """One channel is told how one day went, once. ``day`` in the hotline's zone; states as a notice's."""

    __tablename__ = "report_letters"
    __table_args__ = (
        UniqueConstraint("day", "channel_id", name="uq_report_letters_told_once"),
        Index("report_letters_by_state", "state", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    next_try_at: Mapped[datetime]  # while it is being sent: when another worker may think that nobody is at it
    ended_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str | None] = mapped_column(String(16))

    channel: Mapped[Channel] = relationship(lazy="joined")
