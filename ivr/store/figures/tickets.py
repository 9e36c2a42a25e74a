"""The figures of tickets: each is a condition on a ticket, ``TICKETS[name](asked)``, or a time that something took.

Times are the first of their kind in the ticket's history: they stay when it is handed on, reopened or closed.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from ivr.store.access import rules
from ivr.store.access.table import Scope
from ivr.store.facts import history as entries
from ivr.store.facts.fact import names
from ivr.store.figures.clock import ms_between
from ivr.store.figures.period import Asked
from ivr.store.models import Call, HistoryLine, Outgoing, Rating, Ticket
from ivr.store.models.ticket import IS_WAITING

PROMISES = ("kept", "tried", "broken", "pending")

Condition = Callable[[Asked], ColumnElement[bool]]


def counted(asked: Asked) -> ColumnElement[bool]:
    """Tickets that figures are of: opened within the days, no tests, and none that was merged into another."""
    return and_(Ticket.opened_at >= asked.since, Ticket.opened_at < asked.until, alive())


def alive() -> ColumnElement[bool]:
    return and_(Ticket.test.is_(False), Ticket.merged_into_id.is_(None))


def first(*conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    """When the ticket's history first had such a line."""
    lines = select(func.min(HistoryLine.at)).where(HistoryLine.ticket_id == Ticket.id, *conditions)
    return lines.correlate(Ticket).scalar_subquery()


def claimed_at() -> ColumnElement[Any]:
    return first(HistoryLine.kind == entries.Claimed.kind)


def first_spoken(*, or_helped: bool = False) -> ColumnElement[Any]:
    """When somebody of ours first spoke to the caller, on the line or ringing back; *or_helped*: or resolved it so."""
    outcome, result = HistoryLine.detail["outcome"].as_string(), HistoryLine.detail["result"].as_string()
    spoke = [
        HistoryLine.kind == entries.Talked.kind,
        and_(HistoryLine.kind == entries.Attempt.kind, outcome == "reached"),
    ]
    kinds = [entries.Talked, entries.Attempt]
    if or_helped:
        spoke.append(and_(HistoryLine.kind == entries.Resolved.kind, func.coalesce(result, "helped") == "helped"))
        kinds.append(entries.Resolved)
    # what was merged into this ticket has left its history, but not that a person took the call
    return func.coalesce(first(HistoryLine.kind.in_(names(kinds)), or_(*spoke)), Ticket.talked_at)


def contacted_at() -> ColumnElement[Any]:
    """When somebody first spoke to the caller; who was helped was spoken to, though nobody noted it."""
    return first_spoken(or_helped=True)


def promised() -> ColumnElement[Any]:
    """The first promise: it was kept or broken, whatever was promised when the ticket was opened again."""
    return func.coalesce(Ticket.first_due_at, Ticket.due_at)


def kept(asked: Asked) -> ColumnElement[bool]:
    return func.coalesce(contacted_at() <= promised(), False)


def tried(asked: Asked) -> ColumnElement[bool]:
    """Not kept, and over; but somebody rang in time, in vain."""
    in_time = first(HistoryLine.kind == entries.Attempt.kind, HistoryLine.at <= promised()).is_not(None)
    return and_(promised() <= asked.now, in_time, ~kept(asked))


def broken(asked: Asked) -> ColumnElement[bool]:
    return and_(promised() <= asked.now, ~kept(asked), ~tried(asked))


def pending(asked: Asked) -> ColumnElement[bool]:
    return and_(promised() > asked.now, ~kept(asked))


def rated(asked: Asked, *, good: bool) -> ColumnElement[bool]:
    """Whether a caller said so of the help. A volunteer counts what was said of themselves, and of nobody else."""
    about = select(Rating.id).where(Rating.good.is_(good))
    if rules.scope(asked.staff, rules.COUNTED) is Scope.CLAIMED:
        about = about.where(Rating.staff_id == asked.staff.id)
    in_call = about.join(Call, Call.id == Rating.call_id).where(Call.ticket_id == Ticket.id)
    asked_after = about.join(Outgoing, Outgoing.id == Rating.outgoing_id).where(Outgoing.ticket_id == Ticket.id)
    return or_(in_call.correlate(Ticket).exists(), asked_after.correlate(Ticket).exists())


TICKETS: dict[str, Condition] = {
    "tickets": lambda asked: Ticket.id.is_not(None),
    "urgent": lambda asked: Ticket.urgent.is_(True),
    "by_hand": lambda asked: Ticket.typed_by_id.is_not(None),
    "claimed": lambda asked: claimed_at().is_not(None),
    "contacted": lambda asked: contacted_at().is_not(None),
    "resolved": lambda asked: Ticket.resolved_at.is_not(None),
    "kept": kept,
    "tried": tried,
    "broken": broken,
    "pending": pending,
    "confirmed": lambda asked: first(HistoryLine.kind == entries.Confirmed.kind).is_not(None),
    "not_right": lambda asked: first(HistoryLine.kind == entries.NotRight.kind).is_not(None),
    "rated_good": lambda asked: rated(asked, good=True),
    "rated_bad": lambda asked: rated(asked, good=False),
}
# What stands now, whenever it was opened.
STANDING: dict[str, Condition] = {
    "waiting": lambda asked: IS_WAITING,
    "unclaimed": lambda asked: and_(IS_WAITING, Ticket.status == "new"),
    "overdue": lambda asked: and_(IS_WAITING, Ticket.due_at <= asked.now),
}
# The time from the opening to it, in milliseconds; null when it has not come to it.
TIMES: dict[str, Callable[[], ColumnElement[int]]] = {
    "claimed": lambda: ms_between(Ticket.opened_at, claimed_at()),
    "contacted": lambda: ms_between(Ticket.opened_at, contacted_at()),
    "resolved": lambda: ms_between(Ticket.opened_at, Ticket.resolved_at),
}
