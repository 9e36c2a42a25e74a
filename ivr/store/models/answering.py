"""People on the line: whose telephone can ring, when they are on, who was rung for which call, who waited."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, Index, String, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.store.models.base import Base
from ivr.store.models.call import Call
from ivr.store.models.phone import Phone
from ivr.store.models.sealed import SealedText
from ivr.store.models.staff import Staff


class LinePerson(Base):
    """A member of staff as the telephone knows them. Nobody is rung at a number that was never proved to ring.

    ``languages`` and ``needs`` (keys): what they are there for; empty: all. Their communities are their own.
    ``busy_until``: rung, or talking, for the call ``busy_call_id``; it ends by itself when no carrier says so.
    """

    __tablename__ = "line_people"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    phone_id: Mapped[int | None] = mapped_column(ForeignKey("phones.id"))
    proved_at: Mapped[datetime | None]  # somebody pressed a key there
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    needs: Mapped[list[str]] = mapped_column(JSON, default=list)
    counsels: Mapped[bool] = mapped_column(default=False, server_default=false())  # trained to listen to despair
    ready: Mapped[bool] = mapped_column(default=True, server_default=true())  # false: on a break
    since: Mapped[datetime]  # ready, or on a break, since
    idle_since: Mapped[datetime]  # when they last spoke with a caller
    busy_until: Mapped[datetime | None]
    busy_call_id: Mapped[int | None] = mapped_column(ForeignKey("calls.id"))
    wrap_until: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]  # missed too many in a row
    misses: Mapped[int] = mapped_column(default=0, server_default="0")
    pin_hash: Mapped[str | None] = mapped_column(String(64))  # see ``ivr.store.answering.pins``; null: none was set
    feed_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)  # of their calendar's secret address

    staff: Mapped[Staff] = relationship()
    phone: Mapped[Phone | None] = relationship()


class Handover(Base):
    """What somebody leaves to the next shift, see ``ivr.store.answering.handover``."""

    __tablename__ = "handovers"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    text: Mapped[str] = mapped_column(SealedText("handovers.text"))
    written_at: Mapped[datetime]

    staff: Mapped[Staff] = relationship()


class RotationRow(Base):
    """A rotation of the roster, see ``routing.roster.rotation``. Clocks are ``08:00``; lists empty: all."""

    __tablename__ = "rotations"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    opens: Mapped[str] = mapped_column(String(5))
    closes: Mapped[str] = mapped_column(String(5))
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date | None] = mapped_column(Date)
    zone: Mapped[str] = mapped_column(String(64))
    weekdays: Mapped[list[int]] = mapped_column(JSON, default=list)
    turn_days: Mapped[int] = mapped_column(default=1)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    needs: Mapped[list[str]] = mapped_column(JSON, default=list)
    areas: Mapped[list[str]] = mapped_column(JSON, default=list)  # codes of communities
    made_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    people: Mapped[list["RotationPerson"]] = relationship(
        cascade="all, delete-orphan", order_by="RotationPerson.place", lazy="selectin"
    )


class RotationPerson(Base):
    """Whose turn it is, in the order of their places."""

    __tablename__ = "rotation_people"

    rotation_id: Mapped[int] = mapped_column(ForeignKey("rotations.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))

    staff: Mapped[Staff] = relationship()


class RosterChange(Base):
    """Decided by hand: somebody is on from then to then, or is not. A later one counts before an earlier one."""

    __tablename__ = "roster_changes"
    __table_args__ = (Index("roster_changes_by_end", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    on: Mapped[bool]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    staff: Mapped[Staff] = relationship(foreign_keys=[staff_id])


class ShiftSwap(Base):
    """``giver`` would like ``taker`` to take over their time; it changes hands when ``taker`` agrees."""

    __tablename__ = "shift_swaps"

    id: Mapped[int] = mapped_column(primary_key=True)
    giver_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    taker_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    agreed: Mapped[bool] = mapped_column(default=False, server_default=false())

    giver: Mapped[Staff] = relationship(foreign_keys=[giver_id])
    taker: Mapped[Staff] = relationship(foreign_keys=[taker_id])


class Ring(Base):
    """One telephone that was rung for a call, as its turn ``n``. ``staff_id`` null: the duty number.

    ``outcome``: null while it rings, then one of taken, declined (answered, and pressed nothing: a mailbox, perhaps),
    no_answer, busy, failed, elsewhere (somebody else was quicker), left (the caller hung up). ``result``: what whoever
    took it says of it, see ``ivr.store.outgoing.results``.
    """

    __tablename__ = "rings"
    __table_args__ = (
        UniqueConstraint("call_id", "n", "staff_id"),
        Index("rings_of_staff", "staff_id", "rung_at"),
        Index("rings_by_time", "rung_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"))
    n: Mapped[int]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    phone_id: Mapped[int] = mapped_column(ForeignKey("phones.id"))
    rung_at: Mapped[datetime]
    leg_sid: Mapped[str | None] = mapped_column(String(64))
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))
    result: Mapped[str | None] = mapped_column(String(16))

    call: Mapped[Call] = relationship()
    staff: Mapped[Staff | None] = relationship()
    phone: Mapped[Phone] = relationship()


class Wait(Base):
    """A caller who waited for somebody to be free. ``ended``: null while they do, then one of rung, message, call_back
    (off the line, the place is kept: ``done_at`` says when they were rung) and left.
    """

    __tablename__ = "waits"
    __table_args__ = (Index("waits_open", "ended", "since"),)

    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    since: Mapped[datetime]
    first: Mapped[bool] = mapped_column(default=False, server_default=false())  # the slow lane goes before the others
    seen_at: Mapped[datetime]  # when they were last told to wait: who has gone without a word holds nobody up
    ended_at: Mapped[datetime | None]
    ended: Mapped[str | None] = mapped_column(String(16))
    done_at: Mapped[datetime | None]

    call: Mapped[Call] = relationship()
