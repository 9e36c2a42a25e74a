"""Tickets and their history: a caller's need on its way to a person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, false, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.store.facts.history import WORDS, Entry
from ivr.store.models.base import LANGUAGE, Base
from ivr.store.models.call import Call
from ivr.store.models.community import CommunityRow
from ivr.store.models.hold import LegalHold
from ivr.store.models.phone import Phone
from ivr.store.models.recording import Recording
from ivr.store.models.sealed import SealedParts
from ivr.store.models.staff import Staff

STATUSES = ("new", "claimed", "resolved", "closed")
OPEN_STATUSES = ("new", "claimed")

# Four or five digits: three have the numbers of emergencies, and of communities on their leaflets, so that nobody takes
# the one for the other, on a slip of paper or at a question.
FIRST_NUMBER, LAST_NUMBER = 1001, 99_999
NUMBERS = LAST_NUMBER - FIRST_NUMBER + 1

# The inbox asks for these; the words must be those of its questions, or the databases do not see that they are meant.
WAITING = "status IN ('new', 'claimed') AND merged_into_id IS NULL"
FREE = "status = 'new' AND merged_into_id IS NULL"
IS_WAITING: ColumnElement[bool] = literal_column(f"({WAITING})")
PRESSING = ("urgent", "due_at", "id")


def _index(name: str, *columns: Any, only: str = WAITING) -> Index:
    """Of the few tickets that are open, so that it stays small however many are done."""
    return Index(name, *columns, sqlite_where=text(only), postgresql_where=text(only))


def number_of(ticket_id: int) -> str:
    """1001 to 99999, then from 1001 again: five digits at most to read out and to write down."""
    return str(FIRST_NUMBER + (ticket_id - 1) % NUMBERS)


def ids_of(number: str, last_id: int) -> Sequence[int]:
    """The tickets up to *last_id* that have this number; none when it is no ticket's number."""
    if not (number.isascii() and number.isdigit() and len(number) <= len(str(LAST_NUMBER))):
        return ()
    wanted = int(number)
    return () if wanted < FIRST_NUMBER else range(wanted - FIRST_NUMBER + 1, last_id + 1, NUMBERS)


class Ticket(Base):
    """A caller's need waiting for a person. Opened by a call, only ever enriched by calls, closed by staff."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index("tickets_by_time", "opened_at", "id"),
        Index("tickets_by_caller", "caller_id", "opened_at"),
        Index("tickets_by_resolution", "resolved_at"),
        Index("tickets_of_community", "community_code", "id"),
        Index("tickets_resolved_there", "community_code", "resolved_at"),
        _index("tickets_waiting", *PRESSING),
        _index("tickets_waiting_there", "community_code", *PRESSING),
        _index("tickets_free", *PRESSING, only=FREE),
        _index("tickets_held", "claimed_by_id", *PRESSING),
        _index("tickets_late", "due_at", "id"),
        _index("tickets_asking", *PRESSING, only=f"{WAITING} AND wants_person_at IS NOT NULL AND talked_at IS NULL"),
        _index("tickets_silent", *PRESSING, only=f"{WAITING} AND silent"),
        _index("tickets_raised", *PRESSING, only=f"{WAITING} AND raised_at IS NOT NULL"),
        _index("tickets_confidential", "due_at", "id", only="confidential"),
        _index("tickets_cancelled", "cancelled_at", only="cancelled_at IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(String(16), default="new")
    need: Mapped[str | None] = mapped_column(String(32))
    community_code: Mapped[str | None] = mapped_column(ForeignKey("communities.code"))
    caller_id: Mapped[int | None] = mapped_column(ForeignKey("phones.id"))  # whom to call back
    extension: Mapped[str] = mapped_column(String(8), default="", server_default="")  # to be dialled after their number
    language: Mapped[str] = mapped_column(LANGUAGE)
    urgent: Mapped[bool] = mapped_column(default=False)
    test: Mapped[bool] = mapped_column(default=False)
    presumed: Mapped[bool] = mapped_column(default=False, server_default=false())  # nobody confirmed the community
    for_another: Mapped[bool] = mapped_column(default=False)  # the caller refused the community we remembered
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]  # the call back was promised by then
    first_due_at: Mapped[datetime | None]  # the promise that figures count, where reopening made another
    due_again_at: Mapped[datetime | None]  # and, when that was broken, in an apology
    wants_person_at: Mapped[datetime | None]
    talked_at: Mapped[datetime | None]  # a person at the duty number took the call
    silent: Mapped[bool] = mapped_column(default=False)  # nothing can be heard, see ivr.store.derived.silent
    raised_at: Mapped[datetime | None]  # the caller rang so often, or waits so long, that a supervisor should look
    typed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # came in by hand, not by a call
    linked_to_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))  # the caller's other matter
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))  # all it had is there now
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    claimed_at: Mapped[datetime | None]
    progress_at: Mapped[datetime | None]  # when its holder last got on with it: a claim without progress lapses
    handed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # to whom it may be given back
    hand_due_at: Mapped[datetime | None]  # until then
    attempts: Mapped[int] = mapped_column(default=0)  # to reach the caller, since they were last reached
    first_attempt_at: Mapped[datetime | None]
    last_attempt_at: Mapped[datetime | None]
    on_the_way_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]  # by the caller, who does not need it any more
    confidential: Mapped[bool] = mapped_column(default=False, server_default=false())  # for its ``readers`` alone

    caller: Mapped[Phone | None] = relationship()
    community: Mapped[CommunityRow | None] = relationship()
    claimed_by: Mapped[Staff | None] = relationship(foreign_keys=[claimed_by_id])
    handed_by: Mapped[Staff | None] = relationship(foreign_keys=[handed_by_id])
    typed_by: Mapped[Staff | None] = relationship(foreign_keys=[typed_by_id])
    linked_to: Mapped["Ticket | None"] = relationship(foreign_keys=[linked_to_id], remote_side="Ticket.id")
    merged_into: Mapped["Ticket | None"] = relationship(foreign_keys=[merged_into_id], remote_side="Ticket.id")
    calls: Mapped[list[Call]] = relationship(back_populates="ticket", order_by=Call.id)
    recordings: Mapped[list[Recording]] = relationship(back_populates="ticket", order_by=Recording.id)
    history: Mapped[list["HistoryLine"]] = relationship(back_populates="ticket", order_by="HistoryLine.id")
    readers: Mapped[list["TicketReader"]] = relationship(cascade="all, delete-orphan", order_by="TicketReader.staff_id")
    hold: Mapped[LegalHold | None] = relationship(cascade="all, delete-orphan")

    @property
    def number(self) -> str:
        """What the caller was told, digit by digit."""
        return number_of(self.id)

    @property
    def promised_at(self) -> datetime:
        """Until when somebody calls back, by the last promise."""
        return self.due_again_at or self.due_at

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.status in OPEN_STATUSES

    @property
    def flags(self) -> list[str]:
        """What staff should notice before they listen; derived, so that it can never disagree with the facts."""
        audible = any(recording.state in ("expected", "fetched") and recording.seconds for recording in self.recordings)
        found = {
            "incomplete": not self.recordings and self.talked_at is None and self.typed_by_id is None,
            "wants_person": self.wants_person_at is not None and self.talked_at is None,
            "community_unknown": self.community_code is None,
            "community_presumed": self.presumed and self.community_code is not None,
            "no_audio": bool(self.recordings) and not audible,
            "number_withheld": self.caller_id is None,
            "cancelled": self.cancelled_at is not None,
            "test": self.test,
        }
        return [flag for flag, holds in found.items() if holds]


class TicketReader(Base):
    """Somebody who is named on a confidential ticket: it exists for them, as far as their role lets them."""

    __tablename__ = "ticket_readers"
    __table_args__ = (Index("confidential_to", "staff_id", "ticket_id"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)

    staff: Mapped[Staff] = relationship()


class HistoryLine(Base):
    """One thing that happened to a ticket, in order. ``staff_id`` is null when a call or the worker did it.

    ``entry`` is what it was: ``kind`` and ``detail`` as ``ivr.store.facts.history`` types them.
    """

    __tablename__ = "ticket_history"
    __table_args__ = (
        Index("history_of_ticket", "ticket_id", "id"),
        Index("history_firsts", "ticket_id", "kind", "at"),  # when something first happened to it
        Index(
            "history_by_hand",
            "at",
            "staff_id",
            sqlite_where=text("staff_id IS NOT NULL"),
            postgresql_where=text("staff_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(32))
    detail: Mapped[dict[str, Any]] = mapped_column(SealedParts("ticket_history.detail", texts=WORDS), default=dict)

    ticket: Mapped[Ticket] = relationship(back_populates="history")
    staff: Mapped[Staff | None] = relationship()

    @property
    def entry(self) -> Entry | None:
        """What happened; None when this release knows no such kind."""
        return Entry.read(self.kind, self.detail)
