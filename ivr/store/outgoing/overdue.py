"""A call back that did not come in time: the hotline itself rings, apologises, and asks whether it is still needed."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from ivr.store.facts import history as entries
from ivr.store.line import nuisance
from ivr.store.models import OVERDUE, Outgoing, Ticket
from ivr.store.models.ticket import IS_WAITING
from ivr.store.outbox import Later
from ivr.store.outgoing import automatic
from ivr.store.outgoing.automatic import Matter
from ivr.store.outgoing.ordering import Terms
from ivr.store.tickets import history, matters, work
from routing.automatic import NOT_NEEDED, STILL_NEEDED, Policy


def due(db: Session, policy: Policy, terms: Terms, now: datetime) -> list[int]:
    """The tickets whose residents may be told now; whose call back is latest is first."""
    late = [Matter.of(row) for row in db.execute(_late(policy, now)) if not nuisance.quiet(row.listed, now)]
    return automatic.due(db, OVERDUE, late, policy, terms, now)


def call(db: Session, later: Later, ticket_id: int, policy: Policy, terms: Terms, now: datetime) -> Outgoing | None:
    """Have the resident told, if that is still due; None: it is not, or whatever stands against calling them."""

    def matter() -> Matter | None:
        row = db.execute(_late(policy, now).where(Ticket.id == ticket_id)).one_or_none()
        return Matter.of(row) if row else None

    return automatic.call(db, later, OVERDUE, ticket_id, matter, policy, terms, now)


def promised(db: Session, row: Outgoing, due_at: datetime, now: datetime) -> None:
    """The resident was told a new promise. The first one stays what it was: broken."""
    if ticket := automatic.ticket_of(db, row):
        ticket.due_again_at = due_at
        history.note(db, ticket, entries.Apologised(due_at.isoformat()), now)


def answered(
    db: Session, row: Outgoing, answer: str, now: datetime, *, due_at: datetime, danger: bool = False
) -> Ticket | None:
    """What the resident said, which stands, said once. The ticket that it is about.

    What is still needed goes to the supervisors; it is open again if staff resolved it meanwhile. What is needed no
    more is cancelled, as in a call of the resident's own.

    ``due_at``: the call back that is promised for what is open again.
    """
    ticket = automatic.take_answer(db, row, answer)
    if ticket is None:
        return None
    if answer == STILL_NEEDED:
        history.note(db, ticket, entries.StillNeeded(), now)
        work.not_right(db, ticket, now, due_at=due_at)
        ticket.raised_at = ticket.raised_at or now
        if danger:
            work.urgent(db, ticket, row.sid or "", now)
    elif answer == NOT_NEEDED:
        if ticket.is_open:
            matters.cancel(db, ticket, row.sid or "", now)
    else:
        history.note(db, ticket, entries.NotTold(answer), now)
    return ticket


def _late(policy: Policy, now: datetime) -> Select[int, int | None, datetime, object]:
    """Open, promised by the line itself, its time over; and nobody has tried to reach the caller, or is on the way.

    Not what is urgent: who told of an emergency was sent to another number, and their telephone stays free.
    """
    return (
        select(Ticket.id, Ticket.caller_id, Ticket.due_at.label("since"), nuisance.LISTING.c.after.label("listed"))
        .outerjoin(nuisance.LISTING, nuisance.of_caller(Ticket.caller_id))
        .where(
            IS_WAITING,
            Ticket.due_at > now - policy.within,
            Ticket.due_at <= now,
            Ticket.urgent.is_(False),
            Ticket.typed_by_id.is_(None),
            Ticket.on_the_way_at.is_(None),
            Ticket.talked_at.is_(None),
            Ticket.reopened_at.is_(None),
            Ticket.last_attempt_at.is_(None),
            automatic.may_be_told(),
        )
        .order_by(Ticket.due_at, Ticket.id)
    )
