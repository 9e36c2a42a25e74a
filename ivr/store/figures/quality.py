"""What in the tickets cannot be right, or is missing: each is a condition on a ticket, ``QUALITY[name](asked)``."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased

from ivr.store.access import rules
from ivr.store.figures.clock import ms_between
from ivr.store.figures.period import Asked
from ivr.store.figures.tickets import contacted_at, first_spoken
from ivr.store.models import Phone, Recording, Ticket

DAY_MS = 24 * 60 * 60 * 1000


def doubled(asked: Asked) -> ColumnElement[bool]:
    """Another ticket of the same caller and need, within a day of this one, of those that the same reader may see."""
    other = aliased(Ticket)
    near = func.abs(ms_between(other.opened_at, Ticket.opened_at)) <= DAY_MS
    alike = and_(
        other.caller_id == Ticket.caller_id,
        other.id != Ticket.id,
        other.need == Ticket.need,
        other.test.is_(False),
        other.merged_into_id.is_(None),
    )
    seen = rules.granted(asked.staff, "see_figures", other)
    return select(other.id).where(alike, near, seen).correlate(Ticket).exists()


def without_sound(asked: Asked) -> ColumnElement[bool]:
    missing = select(Recording.id).where(Recording.ticket_id == Ticket.id, Recording.state == "missing")
    return missing.correlate(Ticket).exists()


def impossible_number(asked: Asked) -> ColumnElement[bool]:
    return select(Phone.id).where(Phone.id == Ticket.caller_id, Phone.impossible).correlate(Ticket).exists()


def never_spoken(asked: Asked) -> ColumnElement[bool]:
    """Done as "helped", though nobody noted that they spoke to the caller."""
    done = Ticket.status.in_(("resolved", "closed"))
    return and_(done, first_spoken().is_(None), contacted_at().is_not(None))


QUALITY: dict[str, Callable[[Asked], ColumnElement[bool]]] = {
    "no_community": lambda asked: Ticket.community_code.is_(None),
    "doubled": doubled,
    "no_sound": without_sound,
    "impossible_number": impossible_number,
    "never_spoken": never_spoken,
}
