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
    words = perhaps_written(words, "tried")
    if outcome == "reached":
        ticket.attempts, ticket.first_attempt_at = 0, None
    else:
        ticket.attempts, ticket.first_attempt_at = ticket.attempts + 1, ticket.first_attempt_at or now
    ticket.last_attempt_at = now
    history.note(db, ticket, Attempt(outcome, ticket.attempts, words), now, by=staff)
    progress(ticket, staff, now)
    return ticket
