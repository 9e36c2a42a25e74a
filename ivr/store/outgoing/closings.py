"""Closing by voice: some time after a matter was resolved, the hotline itself rings and asks whether it was right."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from ivr.store.facts import history as entries
from ivr.store.models import CLOSING, Call, CallerCard, ClosingTalk, HistoryLine, Outgoing, Ticket
from ivr.store.outbox import Later
from ivr.store.outgoing import callbacks, ordering
from ivr.store.outgoing.ordering import NotCalled, Order, Terms
from ivr.store.tickets import history, work
from routing import closing
from routing.closing import CONFIRMED, HUNG_UP, NOT_RIGHT, Policy, Try

MOST = 20  # ordered at once; the rest a minute later


class Matter(NamedTuple):
    """What may be asked about: a ticket that was resolved, and whose."""

    ticket_id: int
    phone_id: int
    resolved_at: datetime


def due(db: Session, policy: Policy, terms: Terms, now: datetime) -> list[int]:
    """The tickets whose residents may be called now, inside the hours of calling; who has waited longest is first."""
    if not terms.hours.is_open(now.astimezone(terms.zone)):
        return []
    matters = [Matter(row.id, row.caller_id, row.resolved_at) for row in db.execute(_matters(now))]
    known = _tries(db, {each.phone_id for each in matters})
    found, rung = [], set()
    for each in matters:
        at = closing.next_call(each.resolved_at, [_try(row, each) for row in known[each.phone_id]], policy)
        if at is not None and at <= now and each.phone_id not in rung:
            found.append(each.ticket_id)
            rung.add(each.phone_id)
    return found[:MOST]


def call(db: Session, later: Later, ticket_id: int, policy: Policy, terms: Terms, now: datetime) -> Outgoing | None:
    """Have the resident called, if that is still due; None: it is not, or whatever stands against calling them."""
    ticket = db.get_one(Ticket, ticket_id, with_for_update={"of": Ticket})
    row = db.execute(_matters(now).where(Ticket.id == ticket_id)).one_or_none()
    if row is None or ticket.caller is None or not _helped(db, ticket_id):
        return None
    matter = Matter(row.id, row.caller_id, row.resolved_at)
    tries = _tries(db, {matter.phone_id})[matter.phone_id]
    at = closing.next_call(matter.resolved_at, [_try(each, matter) for each in tries], policy)
    if at is None or at > now:
        return None
    with suppress(NotCalled):  # they are on the line, or are being called: in a minute again
        ordering.check(db, ticket.caller.e164, terms, now, urgent=False)
        caller, carrier = callbacks.line_of(db, ticket, terms)
        key = f"closing:{ticket_id}:{sum(each.ticket_id == ticket_id for each in tries)}"
        to = ticket.caller.e164
        return ordering.order(db, later, Order(CLOSING, key, to, to, caller, carrier, ticket_id=ticket_id), now)
    return None


def talk(db: Session, row: Outgoing) -> ClosingTalk:
    """How far the call has come; it begins when somebody picks up."""
    found = db.get(ClosingTalk, row.id) or ClosingTalk(outgoing_id=row.id, turn=0, state={})
    db.add(found)
    return found


def answered(db: Session, row: Outgoing, answer: str, now: datetime, *, danger: bool = False) -> Ticket | None:
    """What the resident said: the matter is closed, or open again; said once, it stands. The ticket that it is about.

    What staff did with it meanwhile stands, too: only what is still resolved is closed or reopened.
    """
    ticket = ticket_of(db, row)
    if row.result is not None or ticket is None:
        return None
    row.result = answer
    if row.outcome == "machine":
        row.outcome = None  # no machine presses keys
    if answer == CONFIRMED:
        history.note(db, ticket, entries.Confirmed(), now)
        work.confirmed(db, ticket, now)
    elif answer == NOT_RIGHT:
        history.note(db, ticket, entries.NotRight(), now)
        work.not_right(db, ticket, now)
        if danger and not ticket.urgent:
            ticket.urgent = True
            history.note(db, ticket, entries.Urgent(row.sid or ""), now)
    else:
        history.note(db, ticket, entries.AskedAfter(answer), now)
    return ticket


def ticket_of(db: Session, row: Outgoing) -> Ticket | None:
    """What the call is about, held; the ticket that it was merged into."""
    ticket = row.ticket
    if ticket and ticket.merged_into_id:
        return db.get_one(Ticket, ticket.merged_into_id, with_for_update={"of": Ticket}, populate_existing=True)
    return ticket


def call_of(db: Session, row: Outgoing) -> Call | None:
    """The resident's last call about it, with which words that they leave now are kept, and some day erased.

    None where the matter never came by a call of this carrier's: nothing is recorded then. One that was hung up without
    a message stays so.
    """
    ticket = ticket_of(db, row)
    theirs = select(Call).where(Call.ticket_id == (ticket and ticket.id), Call.carrier == row.carrier)
    theirs = theirs.where(Call.ended_at.is_not(None), Call.outcome != "hung_up")
    return db.scalars(theirs.order_by(Call.id.desc()).limit(1)).first()


def slow(db: Session, row: Outgoing) -> bool:
    """Whether the resident is in the slow lane."""
    card = db.scalars(select(CallerCard).where(CallerCard.phone_id == row.phone_id)).one_or_none()
    return bool(card and card.slow)


def _matters(now: datetime) -> Select[int, int | None, datetime | None]:
    """Resolved, with a number that rings at the resident's; never what is confidential, or a test."""
    return (
        select(Ticket.id, Ticket.caller_id, Ticket.resolved_at)
        .where(
            Ticket.status == "resolved",
            Ticket.resolved_at > now - closing.ASKED_WITHIN,
            Ticket.resolved_at <= now,
            Ticket.caller_id.is_not(None),
            Ticket.extension == "",
            Ticket.merged_into_id.is_(None),
            Ticket.confidential.is_(False),
            Ticket.test.is_(False),
        )
        .order_by(Ticket.resolved_at, Ticket.id)
    )


def _tries(db: Session, phone_ids: Collection[int]) -> dict[int, list[Outgoing]]:
    """Every such call to these residents, by their number."""
    calls: dict[int, list[Outgoing]] = defaultdict(list)
    if phone_ids:
        rows = select(Outgoing).where(Outgoing.phone_id.in_(phone_ids), Outgoing.kind == CLOSING)
        for row in db.scalars(rows.order_by(Outgoing.id)):
            calls[row.phone_id or 0].append(row)
    return calls


def _try(row: Outgoing, matter: Matter) -> Try:
    same = row.ticket_id == matter.ticket_id and row.asked_at >= matter.resolved_at
    return Try(row.asked_at, came_of(row), same)


def came_of(row: Outgoing) -> str | None:
    """What came of the call, as ``routing.closing`` says it; None while it goes on."""
    if row.ended_at is None:
        return None
    return row.result or (HUNG_UP if row.outcome == "talked" else row.outcome)


def _helped(db: Session, ticket_id: int) -> bool:
    """Whether it was resolved because the resident was helped; who was never reached is not asked."""
    lines = select(HistoryLine).where(HistoryLine.ticket_id == ticket_id, HistoryLine.kind == entries.Resolved.kind)
    last: Sequence[HistoryLine] = db.scalars(lines.order_by(HistoryLine.id.desc()).limit(1)).all()
    return any(isinstance(line.entry, entries.Resolved) and line.entry.result == "helped" for line in last)
