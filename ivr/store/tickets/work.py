"""What staff do with a ticket from its claim to its end. Each verb checks, changes and writes its history line."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.facts import history as entries
from ivr.store.models import Staff, Ticket
from ivr.store.tickets import history
from ivr.store.tickets.verbs import (
    MAX_TEXT_CHARS,
    AlreadyClaimed,
    BadValue,
    Merged,
    NotClaimed,
    NotOpen,
    NotResolved,
    Overtaken,
    free,
    perhaps_written,
    progress,
    take,
    written,
)
from routing import attempts as contact

__all__ = ["MAX_TEXT_CHARS", "AlreadyClaimed", "BadValue", "Merged", "NotClaimed", "NotOpen", "NotResolved",
           "Overtaken", "TriesMissing", "claim", "close", "confirmed", "not_right", "note", "on_the_way", "reopen",
           "resolve", "urgent"]  # fmt: skip

RESULTS = ("helped", "not_reached")


class TriesMissing(BadValue):
    """Too early to give up: so many more tries of reaching the caller are ``missing``."""

    def __init__(self, missing: int) -> None:
        super().__init__("done")
        self.missing = missing


def claim(db: Session, staff: Staff, ticket_id: int, now: datetime) -> Ticket:
    """Give a new ticket to *staff*; claiming one's own again changes nothing.

    The check and the change are one UPDATE, so two people who press *Claim* at once cannot both win.

    Raises ``AlreadyClaimed``, ``NotOpen``, ``Merged``, ``NotFound`` or ``Forbidden``.
    """
    if not rules.may(staff, "claim"):
        raise rules.Forbidden("claim", ticket=ticket_id)
    won = db.execute(
        update(Ticket)
        .where(Ticket.id == ticket_id, Ticket.status == "new", rules.visible_to(staff))
        .values(status="claimed", claimed_by_id=staff.id, claimed_at=now, progress_at=now)
        .returning(Ticket.id)
    ).first()
    ticket = rules.ticket(db, staff, ticket_id)
    if won:
        db.refresh(ticket)
        history.note(db, ticket, entries.Claimed(), now, by=staff)
    elif ticket.merged_into_id is not None:
        raise Merged
    elif not ticket.is_open:
        raise NotOpen
    elif ticket.claimed_by and ticket.claimed_by_id != staff.id:
        raise AlreadyClaimed(ticket.claimed_by.name)
    return ticket


def note(db: Session, staff: Staff, ticket_id: int, text: str, now: datetime) -> Ticket:
    """Add what staff want to remember. Raises ``BadValue``, ``Merged``, ``NotFound`` or ``Forbidden``."""
    ticket = take(db, staff, ticket_id, "note")
    history.note(db, ticket, entries.Note(written(text, "note")), now, by=staff)
    progress(ticket, staff, now)
    return ticket


def on_the_way(db: Session, staff: Staff, ticket_id: int, going: bool, now: datetime) -> Ticket:
    """Somebody is on the way to the resident; or, not *going*, is not after all. Said again, it changes nothing.

    Raises ``NotClaimed``, ``NotOpen``, ``Merged``, ``NotFound`` or ``Forbidden``.
    """
    ticket = take(db, staff, ticket_id, "contact")
    if not ticket.is_open:
        raise NotOpen
    if ticket.status == "new":
        raise NotClaimed
    if going is not (ticket.on_the_way_at is not None):
        ticket.on_the_way_at = now if going else None
        history.note(db, ticket, entries.OnTheWay() if going else entries.NotOnTheWay(), now, by=staff)
    progress(ticket, staff, now)
    return ticket


def resolve(
    db: Session,
    staff: Staff,
    ticket_id: int,
    done: str,
    now: datetime,
    *,
    result: str = "helped",
    by_key: bool = False,
) -> Ticket:
    """The caller has been helped, *done* says how; or could not be reached, however often we tried.

    Where *done* is empty, the last note that *staff* wrote since the claim says how; ``by_key`` there may be none.

    Raises ``NotOpen``, ``BadValue``, ``TriesMissing``, ``Merged``, ``NotFound`` or ``Forbidden``.
    """
    ticket = take(db, staff, ticket_id, "resolve")
    if not ticket.is_open:
        raise NotOpen
    if result not in RESULTS:
        raise BadValue("result")
    if result == "helped":
        said = perhaps_written(done, "done")
        noted = said or _noted(ticket, staff)
        entry = entries.Resolved(noted if by_key else noted or written("", "done"), noted=not said)
    else:
        entry = entries.Resolved(perhaps_written(done, "done"), result)
        if missing := contact.tries_missing(ticket.attempts, ticket.first_attempt_at, now):
            raise TriesMissing(missing)
    ticket.status, ticket.resolved_at = "resolved", now
    history.note(db, ticket, entry, now, by=staff)
    return ticket


def _noted(ticket: Ticket, staff: Staff) -> str:
    """What *staff* last noted on this ticket, while it was in the hands that it is in now."""
    for line in reversed(ticket.history):
        if line.staff_id == staff.id and isinstance(note := line.entry, entries.Note):
            return note.text if ticket.claimed_at is None or line.at >= ticket.claimed_at else ""
    return ""


def close(db: Session, staff: Staff, ticket_id: int, words: str, now: datetime) -> Ticket:
    """The resident confirmed that the matter is settled; *staff* asked them, *words* may say what they answered.

    Raises ``NotResolved``, ``BadValue``, ``Merged``, ``NotFound`` or ``Forbidden``.
    """
    ticket = take(db, staff, ticket_id, "close")
    if ticket.status != "resolved":
        raise NotResolved
    words = perhaps_written(words, "confirmed")
    ticket.status, ticket.closed_at = "closed", now
    history.note(db, ticket, entries.Closed(words), now, by=staff)
    return ticket


def confirmed(db: Session, ticket: Ticket, now: datetime) -> None:
    """The resident said so to the hotline itself. The ticket is held; what is not resolved any more stays as it is."""
    if ticket.status == "resolved":
        ticket.status, ticket.closed_at = "closed", now
        history.note(db, ticket, entries.Closed(), now)


def not_right(db: Session, ticket: Ticket, now: datetime, *, due_at: datetime | None = None) -> None:
    """The resident said to the hotline itself that it was not settled: whoever had the ticket has it again, while they
    may still work on it; else it is new again. The ticket is held; what is open already stays as it is.
    """
    if not ticket.is_open:
        holder = ticket.claimed_by
        keeps = holder is not None and holder.disabled_at is None and rules.may(holder, "contact", ticket)
        _open_again(ticket, now, keeps=keeps, due_at=due_at)
        history.note(db, ticket, entries.Reopened(), now)


def urgent(db: Session, ticket: Ticket, call: str, now: datetime) -> None:
    """The resident spoke of an emergency in this *call* (SID) of the hotline's own. The ticket is held."""
    if not ticket.urgent:
        ticket.urgent = True
        history.note(db, ticket, entries.Urgent(call), now)


def reopen(
    db: Session, staff: Staff, ticket_id: int, why: str, now: datetime, *, due_at: datetime | None = None
) -> Ticket:
    """The matter was not settled after all. Whoever had the ticket and reopens it keeps it; else it is new again.

    ``due_at``: the call back is promised by then; None: as it was.

    Raises ``NotResolved``, ``BadValue``, ``Merged``, ``NotFound`` or ``Forbidden``.
    """
    ticket = take(db, staff, ticket_id, "reopen")
    if ticket.is_open:
        raise NotResolved
    why = written(why, "why")
    _open_again(ticket, now, keeps=ticket.claimed_by_id == staff.id, due_at=due_at)
    history.note(db, ticket, entries.Reopened(why), now, by=staff)
    return ticket


def _open_again(ticket: Ticket, now: datetime, *, keeps: bool, due_at: datetime | None) -> None:
    """``keeps``: whoever has it goes on. A new promise is what is worked by; figures count the first."""
    if due_at:
        ticket.first_due_at = ticket.first_due_at or ticket.due_at
        ticket.due_at, ticket.due_again_at = due_at, None
    if keeps:
        ticket.status, ticket.progress_at, ticket.on_the_way_at = "claimed", now, None
    else:
        free(ticket)
    ticket.resolved_at, ticket.closed_at, ticket.cancelled_at, ticket.reopened_at = None, None, None, now
    ticket.attempts, ticket.first_attempt_at, ticket.last_attempt_at = 0, None, None
