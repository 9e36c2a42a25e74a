"""A claim that its holder does not get on with is offered to everybody again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.store import hotline
from ivr.store.facts.history import Lapsed
from ivr.store.models import Hotline, Ticket
from ivr.store.models.ticket import IS_WAITING
from ivr.store.tickets import history
from ivr.store.tickets.verbs import free
from routing import attempts as contact


def lapses_at(ticket: Ticket, settings: Hotline) -> datetime | None:
    """When this claim lapses unless something happens; None: it does not, somebody is on the way or nobody has it."""
    progress_at = ticket.progress_at or ticket.claimed_at
    if ticket.status != "claimed" or ticket.on_the_way_at or progress_at is None:
        return None
    return contact.lapses_at(
        progress_at,
        settings.claim_lapses_urgent_min if ticket.urgent else settings.claim_lapses_min,
        # what is urgent waits neither for somebody's afternoon nor for the next try tomorrow
        taken_up_by=None if ticket.urgent else ticket.hand_due_at,
        last_attempt_at=ticket.last_attempt_at if ticket.attempts and not ticket.urgent else None,
    )


def candidates(db: Session, now: datetime) -> Sequence[int]:
    """The ids of claims that may have lapsed."""
    settings = hotline.settings(db)
    shortest = timedelta(minutes=min(settings.claim_lapses_min, settings.claim_lapses_urgent_min))
    quiet = func.coalesce(Ticket.progress_at, Ticket.claimed_at) <= now - shortest
    held = select(Ticket.id).where(IS_WAITING, Ticket.status == "claimed", Ticket.on_the_way_at.is_(None), quiet)
    return db.scalars(held.order_by(Ticket.id)).all()


def lapse(db: Session, ticket_id: int, now: datetime) -> bool:
    """Free this ticket if its claim has lapsed; whether it had."""
    ticket = db.scalars(select(Ticket).where(Ticket.id == ticket_id).with_for_update(of=Ticket)).one()
    end = lapses_at(ticket, hotline.settings(db))
    if end is None or end > now:
        return False
    history.note(db, ticket, Lapsed(ticket.claimed_by_id or 0), now)
    free(ticket)
    return True
