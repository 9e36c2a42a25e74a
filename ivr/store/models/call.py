"""Calls and their turns: everything that was asked, heard and answered, from the first webhook on."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, false, text, type_coerce
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.store.facts.turns import Heard, HeardKind, Understood
from ivr.store.models.base import LANGUAGE, Base
from ivr.store.models.phone import Phone
from ivr.store.models.sealed import SealedJson, SealedParts, SealedText
from routing.questions import About

if TYPE_CHECKING:
    from ivr.store.models.recording import Recording
    from ivr.store.models.ticket import Ticket


class Call(Base):
    """One telephone call. The row exists from the carrier's first request on and is never deleted.

    ``turn`` is the number of the question the caller is being asked: a request for a lower one is a repetition.
    ``state`` is the engine's ``CallState`` as JSON, which the flow alone reads. ``outcome`` is null while the call goes
    on, then one of message, person, goodbye, hung_up, staff, lost_track (no status came; a sweep closed the row).
    """

    __tablename__ = "calls"
    __table_args__ = (
        Index("calls_by_time", "started_at", "id"),
        Index("calls_by_caller", "caller_id", "started_at"),
        Index("calls_still_open", "ended_at", "started_at"),
        Index(
            "calls_without_ticket",
            "started_at",
            sqlite_where=text("ticket_id IS NULL"),
            postgresql_where=text("ticket_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(String(64), unique=True)
    carrier: Mapped[str] = mapped_column(String(16))  # twilio or simulator: where its recordings are fetched
    test: Mapped[bool] = mapped_column(default=False)  # out of the figures
    caller_id: Mapped[int | None] = mapped_column(ForeignKey("phones.id"))
    called_id: Mapped[int | None] = mapped_column(ForeignKey("phones.id"))
    language: Mapped[str] = mapped_column(LANGUAGE)
    step: Mapped[str] = mapped_column(String(32))
    turn: Mapped[int]
    state: Mapped[dict[str, Any]] = mapped_column(SealedJson("calls.state"))
    community_code: Mapped[str | None] = mapped_column(String(32))  # as the call understood it
    failed: Mapped[bool] = mapped_column(default=False, server_default=false())  # not understood twice in a row
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))
    left_at: Mapped[str | None] = mapped_column(String(32))  # the question at which the caller hung up
    taken_at: Mapped[datetime | None]  # a person at the duty number pressed 1
    wants_person_at: Mapped[datetime | None]  # when the caller first asked for one
    erased_at: Mapped[datetime | None]  # its caller's number is gone for good
    carrier_gone_at: Mapped[datetime | None]  # and when the carrier took its row away, too
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # who rang to work by keys: no caller's call

    caller: Mapped[Phone | None] = relationship(foreign_keys=[caller_id])
    called: Mapped[Phone | None] = relationship(foreign_keys=[called_id])
    ticket: Mapped["Ticket | None"] = relationship(back_populates="calls")
    turns: Mapped[list["Turn"]] = relationship(back_populates="call", order_by="Turn.n")
    recordings: Mapped[list["Recording"]] = relationship(back_populates="call", order_by="Recording.id")


class Turn(Base):
    """One exchange: the question *n* that was open, what was heard, and the document we answered with.

    Turn 0 is the first request: nothing had been asked yet. ``heard`` and ``understood``: see
    ``ivr.store.facts.turns``.
    """

    __tablename__ = "turns"
    __table_args__ = (UniqueConstraint("call_id", "n"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"))
    n: Mapped[int]
    asked: Mapped[str | None] = mapped_column(String(32))  # the step, by its file's name
    about: Mapped[About | None] = mapped_column(String(16))  # as that step declared it
    heard: Mapped[Heard] = mapped_column(SealedParts("turns.heard", texts=("text",)))
    understood: Mapped[Understood] = mapped_column(SealedParts("turns.understood", parts=("read",)))
    reply: Mapped[str] = mapped_column(SealedText("turns.reply"))
    at: Mapped[datetime]
    ms: Mapped[int]  # from the question to the answer, as the caller lived it

    call: Mapped[Call] = relationship(back_populates="turns")

    @property
    def words(self) -> str:
        """What the caller said; empty when they did anything but speak."""
        return self.heard.get("text", "") if self.heard["kind"] == HeardKind.SPEECH else ""


def said() -> ColumnElement[str]:
    """What was said in a turn, for a query that reads nothing else of it; opened as it is read, so never to compare."""
    return type_coerce(Turn.heard["text"].as_string(), SealedText("turns.heard.text"))
