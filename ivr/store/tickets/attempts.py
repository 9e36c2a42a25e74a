"""Trying to reach the caller: each try is kept; reaching them ends the count."""

from datetime import datetime

from sqlalchemy.orm import Session

from ivr.store.facts.history import Attempt
from ivr.store.models import Staff, Ticket
from ivr.store.tickets import history
from ivr.store.tickets.verbs import BadValue, NotOpen, perhaps_written, progress, take
from routing.attempts import OUTCOMES


def attempt(db: Session, staff: Staff, ticket_id: int, outcome: str, words: str, now: datetime) -> Ticket:
    """Somebody rang the caller; *words* may say more. Two tries are two, though they be within a minute.

    Raises ``NotOpen``, ``BadValue``, ``Merged``, ``NotFound`` or ``Forbidden``.
    """
    ticket = take(db, staff, ticket_id, "contact")
    if not ticket.is_open:
        raise NotOpen
    if outcome not in OUTCOMES:
        raise BadValue("outcome")
    log(db, ticket, staff, outcome, perhaps_written(words, "tried"), now)
    return ticket


def log(db: Session, ticket: Ticket, staff: Staff, outcome: str, words: str, now: datetime) -> None:
    """Count what *staff* have just tried, whoever has the ticket meanwhile."""
    if outcome == "reached":
        ticket.attempts, ticket.first_attempt_at = 0, None
    else:
        ticket.attempts, ticket.first_attempt_at = ticket.attempts + 1, ticket.first_attempt_at or now
    ticket.last_attempt_at = now
    history.note(db, ticket, Attempt(outcome, ticket.attempts, words), now, by=staff)
    progress(ticket, staff, now)
