"""Closing by voice: some time after a matter was resolved, the hotline itself rings and asks whether it was right."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from ivr.store.facts import history as entries
from ivr.store.models import CLOSING, HistoryLine, Outgoing, Ticket
from ivr.store.outbox import Later
from ivr.store.outgoing import automatic
from ivr.store.outgoing.automatic import Matter
from ivr.store.outgoing.ordering import Terms
from ivr.store.tickets import history, work
from routing.automatic import CONFIRMED, NOT_RIGHT, Policy


def due(db: Session, policy: Policy, terms: Terms, now: datetime) -> list[int]:
    """The tickets whose residents may be asked now; who has waited longest is first."""
    matters = [Matter.of(row) for row in db.execute(_matters(policy, now))]
    return automatic.due(db, CLOSING, matters, policy, terms, now)


def call(db: Session, later: Later, ticket_id: int, policy: Policy, terms: Terms, now: datetime) -> Outgoing | None:
    """Have the resident asked, if that is still due; None: it is not, or whatever stands against calling them."""

    def matter() -> Matter | None:
        row = db.execute(_matters(policy, now).where(Ticket.id == ticket_id)).one_or_none()
        return Matter.of(row) if row and _helped(db, ticket_id) else None

    return automatic.call(db, later, CLOSING, ticket_id, matter, policy, terms, now)


def answered(
    db: Session, row: Outgoing, answer: str, now: datetime, *, due_at: datetime, danger: bool = False
) -> Ticket | None:
    """What the resident said: the matter is closed, or open again; said once, it stands. The ticket that it is about.

    What staff did with it meanwhile stands, too: only what is still resolved is closed or reopened.

    ``due_at``: the call back that is promised for what is open again.
    """
    ticket = automatic.take_answer(db, row, answer)
    if ticket is None:
        return None
    if answer == CONFIRMED:
        history.note(db, ticket, entries.Confirmed(), now)
        work.confirmed(db, ticket, now)
    elif answer == NOT_RIGHT:
        history.note(db, ticket, entries.NotRight(), now)
        work.not_right(db, ticket, now, due_at=due_at)
        if danger:
            work.urgent(db, ticket, row.sid or "", now)
    else:
        history.note(db, ticket, entries.AskedAfter(answer), now)
    return ticket


def _matters(policy: Policy, now: datetime) -> Select[int, int | None, datetime | None]:
    return (
        select(Ticket.id, Ticket.caller_id, Ticket.resolved_at.label("since"))
        .where(
            Ticket.status == "resolved",
            Ticket.resolved_at > now - policy.within,
            Ticket.resolved_at <= now,
            automatic.may_be_told(),
        )
        .order_by(Ticket.resolved_at, Ticket.id)
    )


def _helped(db: Session, ticket_id: int) -> bool:
    """Whether it was resolved because the resident was helped; who was never reached is not asked."""
    lines = select(HistoryLine).where(HistoryLine.ticket_id == ticket_id, HistoryLine.kind == entries.Resolved.kind)
    last: Sequence[HistoryLine] = db.scalars(lines.order_by(HistoryLine.id.desc()).limit(1)).all()
    return any(isinstance(line.entry, entries.Resolved) and line.entry.result == "helped" for line in last)
