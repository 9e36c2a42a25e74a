"""Calls that the hotline places itself, such as a helper's who calls a resident back under our number."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.store.models.base import Base
from ivr.store.models.call import Call
from ivr.store.models.phone import Phone
from ivr.store.models.sealed import SealedJson
from ivr.store.models.staff import Staff
from ivr.store.models.ticket import Ticket

GOING_ON = "ended_at IS NULL"
# The kinds in which nobody of ours speaks: the hotline itself asks whether it was right, or apologises for being late.
CLOSING, OVERDUE = AUTOMATIC = ("closing", "overdue")
CONTACT = "contact"  # the kind that brings a duty contact into a talk


def _one_at_once(name: str, column: str) -> Index:
    return Index(name, column, unique=True, sqlite_where=text(GOING_ON), postgresql_where=text(GOING_ON))


class Outgoing(Base):
    """A call that we place. ``kind`` names who answers for it below ``/voice/``: callback, take,
    closing, overdue, contact.

    ``key``: what it was asked for by; asked for twice, it is one call. ``phone_id``: whom it is about. ``first_id``:
    who is rung first, a helper's telephone before the resident's, or the resident's own. Nobody is rung twice at once:
    of those that go on, one is about a number, and one of a helper; the database says so.

    ``state``: waiting (to be placed), placing (one worker is at it), ringing (the first telephone), calling (1 was
    pressed there, the resident's rings), talking, over. ``outcome``, when it is over: not_placed (``trouble`` and
    ``code`` say why), not_taken (nobody pressed 1), no_answer, busy, failed, machine, talked, lost (nobody told us).
    ``result``: what whoever spoke says of it, see ``ivr.store.outgoing.results``; in an automatic call the
    resident, see ``routing.automatic``.
    """

    __tablename__ = "outgoing"
    __table_args__ = (
        _one_at_once("outgoing_to_phone", "phone_id"),
        _one_at_once("outgoing_of_staff", "staff_id"),
        Index("outgoing_by_phone", "phone_id", "asked_at"),
        Index("outgoing_by_ticket", "ticket_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(64), unique=True)
    phone_id: Mapped[int | None] = mapped_column(ForeignKey("phones.id"))  # null: erased
    first_id: Mapped[int | None] = mapped_column(ForeignKey("phones.id"))
    caller_id: Mapped[int] = mapped_column(ForeignKey("phones.id"))  # our number, which both of them see
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("calls.id"), index=True)  # whose kept place it answers
    carrier: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    outcome: Mapped[str | None] = mapped_column(String(16))
    result: Mapped[str | None] = mapped_column(String(16))
    trouble: Mapped[str | None] = mapped_column(String(16))
    code: Mapped[int | None]  # the carrier's number of an error
    tries: Mapped[int] = mapped_column(default=0, server_default="0")  # to place it
    in_doubt: Mapped[bool] = mapped_column(default=False, server_default=false())  # a try may have placed it
    next_try_at: Mapped[datetime]
    sid: Mapped[str | None] = mapped_column(String(64), unique=True)  # of the first leg
    second_sid: Mapped[str | None] = mapped_column(String(64))  # of the resident's
    asked_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]  # 1 was pressed
    answered_at: Mapped[datetime | None]  # the resident, or a mailbox, picked up
    ended_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]  # the resident's number is gone for good
    carrier_gone_at: Mapped[datetime | None]  # and when the carrier took its row away, too

    phone: Mapped[Phone | None] = relationship(foreign_keys=[phone_id])
    first: Mapped[Phone | None] = relationship(foreign_keys=[first_id])
    caller: Mapped[Phone] = relationship(foreign_keys=[caller_id])
    staff: Mapped[Staff | None] = relationship()
    ticket: Mapped[Ticket | None] = relationship()
    place: Mapped[Call | None] = relationship()


class AutomaticTalk(Base):
    """How far an automatic call has come: the ``turn`` expected next, and its state (``ivr.flow.automatic``)."""

    __tablename__ = "closing_talks"  # calls of that kind came first

    outgoing_id: Mapped[int] = mapped_column(ForeignKey("outgoing.id"), primary_key=True)
    turn: Mapped[int] = mapped_column(default=0)
    state: Mapped[dict[str, Any]] = mapped_column(SealedJson("closing_talks.state"))

    outgoing: Mapped[Outgoing] = relationship()
