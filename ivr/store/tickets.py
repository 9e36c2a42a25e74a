"""What staff do with a ticket. Each verb checks, changes and writes its history line in one transaction."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from ivr.store import access, learning, places
from ivr.store.models import OPEN_STATUSES, HistoryLine, Staff, Ticket
from routing import needs

MAX_TEXT_CHARS = 4000
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # all but tab and new line; PostgreSQL refuses NUL


class Overtaken(Exception):
    """The ticket changed while the page was open; the page should be shown again."""


class AlreadyClaimed(Overtaken):
    """Somebody was quicker. ``holder`` is who has it."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


class NotOpen(Overtaken):
    """The ticket has been resolved meanwhile."""


class NotResolved(Overtaken):
    """The ticket is open again already."""


class BadValue(ValueError):
    """A form was filled in wrongly. ``field`` is which part of it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def claim(db: Session, staff: Staff, ticket_id: int, now: datetime) -> Ticket:
    """Give a new ticket to *staff*; claiming one's own again changes nothing.

    The check and the change are one UPDATE, so two people who press *Claim* at once cannot both win.

    Raises ``AlreadyClaimed``, ``NotOpen``, ``NotFound`` or ``Forbidden``.
    """
    if not access.may(staff, "claim"):
        raise access.Forbidden(f"claim ticket {ticket_id}")
    won = db.execute(
        update(Ticket)
        .where(Ticket.id == ticket_id, Ticket.status == "new", access.reach(staff))
        .values(status="claimed", claimed_by_id=staff.id, claimed_at=now)
        .returning(Ticket.id)
    ).first()
    ticket = access.ticket(db, staff, ticket_id)
    if won:
        db.refresh(ticket)
        _tell(db, ticket, staff, "claimed", now)
    elif ticket.status not in OPEN_STATUSES:
        raise NotOpen
    elif ticket.claimed_by and ticket.claimed_by_id != staff.id:
        raise AlreadyClaimed(ticket.claimed_by.name)
    return ticket


def note(db: Session, staff: Staff, ticket_id: int, text: str, now: datetime) -> Ticket:
    """Add what staff want to remember. Raises ``BadValue``, ``NotFound`` or ``Forbidden``."""
    ticket = access.ticket(db, staff, ticket_id, "note", lock=True)
    _tell(db, ticket, staff, "note", now, text=_written(text, "note"))
    return ticket


def resolve(db: Session, staff: Staff, ticket_id: int, done: str, now: datetime) -> Ticket:
    """The caller has been helped; *done* says how. Raises ``NotOpen``, ``BadValue``, ``NotFound`` or ``Forbidden``."""
    ticket = access.ticket(db, staff, ticket_id, "resolve", lock=True)
    if ticket.status not in OPEN_STATUSES:
        raise NotOpen
    done = _written(done, "done")
    ticket.status, ticket.resolved_at = "resolved", now
    _tell(db, ticket, staff, "resolved", now, done=done)
    return ticket


def reopen(db: Session, staff: Staff, ticket_id: int, why: str, now: datetime) -> Ticket:
    """The matter was not settled after all. Whoever had the ticket and reopens it keeps it; else it is new again.

    Raises ``NotResolved``, ``BadValue``, ``NotFound`` or ``Forbidden``.
    """
    ticket = access.ticket(db, staff, ticket_id, "reopen", lock=True)
    if ticket.status != "resolved":
        raise NotResolved
    why = _written(why, "why")
    ticket.status, ticket.resolved_at = "claimed", None
    if ticket.claimed_by_id != staff.id:
        _free(ticket)
    _tell(db, ticket, staff, "reopened", now, why=why)
    return ticket


def correct_community(db: Session, staff: Staff, ticket_id: int, typed: str, now: datetime) -> Ticket:
    """Place the ticket in another community, by its code or name. Whoever has it and cannot see it there, loses it.

    What the caller said instead is proposed as another name of that community.

    Raises ``BadValue``, ``NotFound`` or ``Forbidden``.
    """
    ticket = access.ticket(db, staff, ticket_id, "correct", lock=True)
    community = places.find(db, typed)
    if community is None:
        raise BadValue("community")
    if ticket.community_code != community.code:
        _tell(db, ticket, staff, "community", now, **{"from": ticket.community_code, "to": community.code})
        ticket.community = community
        db.flush()
        if ticket.status == "claimed" and ticket.claimed_by and not access.sees(ticket.claimed_by, ticket):
            _free(ticket)
        learning.propose(db, ticket, now)
    return ticket


def correct_need(db: Session, staff: Staff, ticket_id: int, need: str, now: datetime) -> Ticket:
    """Say what the caller really needs. Raises ``BadValue``, ``NotFound`` or ``Forbidden``."""
    ticket = access.ticket(db, staff, ticket_id, "correct", lock=True)
    if need not in needs.BY_KEY:
        raise BadValue("need")
    if ticket.need != need:
        _tell(db, ticket, staff, "need", now, **{"from": ticket.need, "to": need})
        ticket.need = need
    return ticket


def _free(ticket: Ticket) -> None:
    ticket.status, ticket.claimed_by, ticket.claimed_at = "new", None, None


def _tell(db: Session, ticket: Ticket, staff: Staff, kind: str, now: datetime, **detail: Any) -> None:
    db.add(HistoryLine(ticket_id=ticket.id, staff_id=staff.id, at=now, kind=kind, detail=detail))
    db.flush()


def _written(text: str, field: str) -> str:
    """What somebody typed, without control characters; raises ``BadValue`` when nothing is left, or far too much."""
    text = CONTROL.sub("", text).strip()
    if not 0 < len(text) <= MAX_TEXT_CHARS:
        raise BadValue(field)
    return text
