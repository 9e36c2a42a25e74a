"""The views of the inbox: a view is a condition on tickets.

Each has an index of its own over the open tickets alone, in the order in which they are shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, literal_column, true
from sqlalchemy.orm import InstrumentedAttribute

from ivr.store.access import rules
from ivr.store.access.table import Scope
from ivr.store.inbox.filters import Filter
from ivr.store.models import Staff, Ticket
from ivr.store.models.ticket import FREE, WAITING

MAX_COUNTED = 100  # one more than is shown: 99+


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at the inbox: ``condition(staff, now)``, for whom it is, and where it begins.

    ``parts`` are conditions that exclude one another; a ticket is in the view when one of them holds. The index of
    each is read on its own, which no database does for an OR.
    """

    key: str
    parts: Callable[[Staff, datetime], tuple[ColumnElement[bool], ...]]
    late_first: bool = False  # by the promise alone, not urgent ones first
    for_whom: Callable[[Staff], bool] = lambda staff: True


def _sql(condition: str) -> ColumnElement[bool]:
    """As the index has it, word for word."""
    return literal_column(f"({condition})")  # without a type: of a Boolean, SQLite would be asked whether it is 1


def _free() -> ColumnElement[bool]:
    """Waiting too, which no database concludes by itself: an officer's come by their communities' index."""
    return _sql(f"{FREE} AND {WAITING}")


def _mine(staff: Staff) -> ColumnElement[bool]:
    return and_(_sql(WAITING), Ticket.claimed_by_id == staff.id)


def _sees_raised(staff: Staff) -> bool:
    return rules.may(staff, "see_raised")


def _sees_more_than_theirs(staff: Staff) -> bool:
    """Whether all that they see is more than their communities' view holds."""
    return rules.scope(staff, "see_ticket") is not Scope.COMMUNITIES


VIEWS = {
    view.key: view
    for view in (
        View("next", lambda staff, now: (_mine(staff), _free())),
        View("urgent", lambda staff, now: (and_(_sql(WAITING), Ticket.urgent == true()),)),
        View("overdue", lambda staff, now: (and_(_sql(WAITING), Ticket.due_at <= now),), late_first=True),
        View("mine", lambda staff, now: (_mine(staff),)),
        View("nobodys", lambda staff, now: (_free(),)),
        View(
            "communities",
            lambda staff, now: (and_(_sql(WAITING), Ticket.community_code.in_(staff.community_codes)),),
            for_whom=lambda staff: bool(staff.community_codes),
        ),
        View(
            "person",
            lambda staff, now: (_sql(f"{WAITING} AND wants_person_at IS NOT NULL AND talked_at IS NULL"),),
        ),
        View("silent", lambda staff, now: (_sql(f"{WAITING} AND silent"),)),
        View("raised", lambda staff, now: (_sql(f"{WAITING} AND raised_at IS NOT NULL"),), for_whom=_sees_raised),
        View("all", lambda staff, now: (_sql(WAITING),), for_whom=_sees_more_than_theirs),
    )
}
# What a view can be sorted by besides what presses most. Only the open tickets are ever sorted.
ORDERS: dict[str, InstrumentedAttribute[datetime]] = {"due": Ticket.due_at, "opened": Ticket.opened_at}
DONE, HUNG_UP = "done", "hung_up"  # what was settled today, and calls of which no ticket came: not waiting tickets


@dataclass(frozen=True, slots=True)
class Reading:
    """Who looks, at which view and how narrowed, and when. ``today`` is when the day began in the hotline's zone.

    ``order``: one of ``ORDERS``, the most first when *falling*; empty: what presses most.
    """

    staff: Staff
    view: str
    filter: Filter
    now: Any  # a datetime, or the place of one in a question that is kept
    today: Any
    order: str = ""
    falling: bool = False


def views_for(staff: Staff) -> list[str]:
    """The views this person has, in the order of their tabs."""
    keys = [key for key, view in VIEWS.items() if view.for_whom(staff)]
    at = keys.index("silent")
    return [*keys[:at], *([HUNG_UP] if rules.sees_hotlines_own(staff) else []), *keys[at:], DONE]
