"""What calls have in common in which the hotline itself speaks to a resident: ordered, followed, answered."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from ivr.store.models import AUTOMATIC, AutomaticTalk, Call, CallerCard, Outgoing, Ticket
from ivr.store.outbox import Later
from ivr.store.outgoing import callbacks, ordering
from ivr.store.outgoing.ordering import NotCalled, Order, Terms
from routing import automatic
from routing.automatic import HUNG_UP, Policy, Try

MOST = 20  # ordered at once; the rest a minute later


class Matter(NamedTuple):
    """What a resident may be called about: a ticket, whose, and the time of the reason."""

    ticket_id: int
    phone_id: int
    since: datetime

    @classmethod
    def of(cls, row: Any) -> Self:
        """From a row with ``id``, ``caller_id`` and ``since``."""
        return cls(row.id, row.caller_id, row.since)


def may_be_told() -> ColumnElement[bool]:
    """Tickets with a number that rings at the resident's; never what is confidential, or a test."""
    return and_(
        Ticket.caller_id.is_not(None),
        Ticket.extension == "",
        Ticket.merged_into_id.is_(None),
        Ticket.confidential.is_(False),
        Ticket.test.is_(False),
    )


def due(db: Session, kind: str, matters: Sequence[Matter], policy: Policy, terms: Terms, now: datetime) -> list[int]:
    """The tickets of these *matters* whose residents may be called now, inside the hours of calling, in their order."""
    if not terms.hours.is_open(now.astimezone(terms.zone)):
        return []
    known = _calls(db, {each.phone_id for each in matters})
    found, rung = [], set()
    for each in matters:
        at = _next(kind, each, known[each.phone_id], policy)
        if at is not None and at <= now and each.phone_id not in rung:
            found.append(each.ticket_id)
            rung.add(each.phone_id)
    return found[:MOST]


def call(
    db: Session,
    later: Later,
    kind: str,
    ticket_id: int,
    matter: Callable[[], Matter | None],
    policy: Policy,
    terms: Terms,
    now: datetime,
) -> Outgoing | None:
    """Have the resident called, if the *matter* is still one once the ticket is locked, and due; None: it is not, or
    whatever stands against calling them.
    """
    ticket = db.get_one(Ticket, ticket_id, with_for_update={"of": Ticket}, populate_existing=True)
    found = matter()
    if found is None or ticket.caller is None:
        return None
    calls = _calls(db, {found.phone_id})[found.phone_id]
    at = _next(kind, found, calls, policy)
    if at is None or at > now:
        return None
    with suppress(NotCalled):  # they are on the line, or are being called: in a minute again
        ordering.check(db, ticket.caller.e164, terms, now, urgent=False)
        caller, carrier = callbacks.line_of(db, ticket, terms)
        key = f"{kind}:{ticket_id}:{sum(each.ticket_id == ticket_id and each.kind == kind for each in calls)}"
        to = ticket.caller.e164
        return ordering.order(db, later, Order(kind, key, to, to, caller, carrier, ticket_id=ticket_id), now)
    return None


def talk(db: Session, row: Outgoing) -> AutomaticTalk:
    """How far the call has come; it begins when somebody picks up."""
    found = db.get(AutomaticTalk, row.id) or AutomaticTalk(outgoing_id=row.id, turn=0, state={})
    db.add(found)
    return found


def take_answer(db: Session, row: Outgoing, answer: str) -> Ticket | None:
    """What the resident said, said once, stands; the ticket that it is about. None: it was said before."""
    ticket = ticket_of(db, row)
    if row.result is not None or ticket is None:
        return None
    row.result = answer
    if row.outcome == "machine":
        row.outcome = None  # no machine presses keys
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


def came_of(row: Outgoing) -> str | None:
    """What came of the call, as ``routing.automatic`` says it; None while it goes on."""
    if row.ended_at is None:
        return None
    return row.result or (HUNG_UP if row.outcome == "talked" else row.outcome)


def _calls(db: Session, phone_ids: Collection[int]) -> dict[int, list[Outgoing]]:
    """Every such call to these residents, by their number."""
    calls: dict[int, list[Outgoing]] = defaultdict(list)
    if phone_ids:
        rows = select(Outgoing).where(Outgoing.phone_id.in_(phone_ids), Outgoing.kind.in_(AUTOMATIC))
        for row in db.scalars(rows.order_by(Outgoing.id)):
            calls[row.phone_id or 0].append(row)
    return calls


def _next(kind: str, matter: Matter, calls: Sequence[Outgoing], policy: Policy) -> datetime | None:
    return automatic.next_call(matter.since, [_try(row, kind, matter) for row in calls], policy)


def _try(row: Outgoing, kind: str, matter: Matter) -> Try:
    same = row.kind == kind and row.ticket_id == matter.ticket_id and row.asked_at >= matter.since
    return Try(row.asked_at, came_of(row), same)
