"""What every verb on a ticket begins with, and what may stand in its way."""

from datetime import datetime

from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.models import Staff, Ticket
from routing.characters import CONTROL_WITHIN_LINES

MAX_TEXT_CHARS = 4000


class Overtaken(Exception):
    """The ticket changed while the page was open; the page should be shown again."""


class AlreadyClaimed(Overtaken):
    """Somebody was quicker. ``holder`` is who has it."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


class Changed(Overtaken):
    """Somebody did something with it that whoever pressed should know first."""


class Merged(Overtaken):
    """It is a part of another ticket now."""


class NotClaimed(Overtaken):
    """Nobody has it any more, or somebody else has."""


class NotOpen(Overtaken):
    """The ticket has been resolved meanwhile."""


class NotResolved(Overtaken):
    """The ticket is open again already, or closed."""


class BadValue(ValueError):
    """A form was filled in wrongly. ``field`` is which part of it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def take(db: Session, staff: Staff, ticket_id: int, action: str) -> Ticket:
    """The ticket, locked, for somebody who may do this with it.

    Raises ``Merged``, ``NotFound`` or ``Forbidden``.
    """
    ticket = rules.ticket(db, staff, ticket_id, lock=True)
    if ticket.merged_into_id is not None:
        raise Merged
    if not rules.may(staff, action, ticket):
        raise rules.Forbidden(action, ticket=ticket_id)
    return ticket


def progress(ticket: Ticket, staff: Staff, now: datetime) -> None:
    """Its holder got on with it, so that the claim does not lapse."""
    if ticket.status == "claimed" and ticket.claimed_by_id == staff.id:
        ticket.progress_at = now


def give(ticket: Ticket, holder: Staff, now: datetime) -> None:
    """Put the ticket into somebody's hands."""
    free(ticket)
    ticket.status, ticket.claimed_by, ticket.claimed_at, ticket.progress_at = "claimed", holder, now, now


def free(ticket: Ticket) -> None:
    """Offer the ticket to everybody again."""
    ticket.status, ticket.claimed_by, ticket.claimed_at, ticket.progress_at = "new", None, None, None
    ticket.handed_by, ticket.hand_due_at, ticket.on_the_way_at = None, None, None


def written(text: str, field: str) -> str:
    """What somebody typed, without control characters; raises ``BadValue`` when nothing is left, or far too much."""
    text = perhaps_written(text, field)
    if not text:
        raise BadValue(field)
    return text


def perhaps_written(text: str, field: str) -> str:
    """The same where nothing need be typed."""
    text = CONTROL_WITHIN_LINES.sub("", text).strip()
    if len(text) > MAX_TEXT_CHARS:
        raise BadValue(field)
    return text
