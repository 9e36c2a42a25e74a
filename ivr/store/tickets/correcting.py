"""Staff put right what the line understood: where the caller lives, what they need."""

from collections.abc import Container, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.directory import lookup, proposals
from ivr.store.facts import history as entries
from ivr.store.models import Staff, Ticket
from ivr.store.tickets import history
from ivr.store.tickets.verbs import BadValue, free, progress, take
from routing.directory import Community
from routing.needs import SHIPPED


class Ambiguous(BadValue):
    """Several communities may be meant: ``perhaps``, of which somebody has to choose."""

    def __init__(self, perhaps: Sequence[Community]) -> None:
        super().__init__("community")
        self.perhaps = perhaps


def correct_community(db: Session, staff: Staff, ticket_id: int, typed: str, now: datetime) -> Ticket:
    """Place the ticket in another community, by its code or name. Whoever has it and cannot see it there, loses it.

    What the caller said instead is proposed as another name of that community.

    Raises ``BadValue``, ``Merged``, ``NotFound`` or ``Forbidden``.
    """
    ticket = take(db, staff, ticket_id, "correct")
    community = lookup.find(db, typed)
    if community is None:
        raise BadValue("community")
    if ticket.community_code != community.code:
        history.note(db, ticket, entries.Community(ticket.community_code, community.code), now, by=staff)
        ticket.community, ticket.presumed = community, False
        db.flush()
        progress(ticket, staff, now)
        if ticket.status == "claimed" and ticket.claimed_by and not rules.sees(ticket.claimed_by, ticket):
            free(ticket)
        proposals.propose(db, ticket, now)
    return ticket


def correct_need(
    db: Session,
    staff: Staff,
    ticket_id: int,
    need: str,
    now: datetime,
    *,
    offered: Container[str] = frozenset(SHIPPED.by_key),
    urgent_by: datetime | None = None,
) -> Ticket:
    """Say what the caller really needs, one of those that are *offered*.

    ``urgent_by``: the need is urgent, and promised by then to whoever asks for it now; a nearer promise holds.

    Raises ``BadValue``, ``Merged``, ``NotFound`` or ``Forbidden``.
    """
    ticket = take(db, staff, ticket_id, "correct")
    if need not in offered:
        raise BadValue("need")
    if ticket.need != need:
        history.note(db, ticket, entries.Need(ticket.need, need), now, by=staff)
        ticket.need = need
        if urgent_by:
            ticket.urgent, ticket.due_at = True, min(ticket.due_at, urgent_by)
        progress(ticket, staff, now)
    return ticket
