"""The tickets behind a figure: as many as it counts, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, not_, select, tuple_
from sqlalchemy.orm import Session, joinedload, lazyload

from ivr.store.access import rules
from ivr.store.figures import counting, people, tickets
from ivr.store.figures.period import Asked
from ivr.store.figures.quality import QUALITY
from ivr.store.models import CommunityRow, Staff, Ticket

PAGE_TICKETS = 50
UNKNOWN = "-"  # a need or community that nobody knows
OF_DAYS = tickets.TICKETS | QUALITY
ORDERS: dict[str, Any] = {"opened": Ticket.opened_at, "due": Ticket.due_at}


@dataclass(frozen=True, slots=True)
class Listed:
    """Which tickets: those of ``figure``, narrowed by need, community (its code) or, for work, the person."""

    figure: str = "tickets"
    need: str | None = None
    community: str | None = None
    person: int | None = None


def known(figure: str) -> bool:
    """Whether there is a list of this name."""
    return figure in OF_DAYS or figure in tickets.STANDING or figure in ("held", "settled")


def behind(asked: Asked, listed: Listed) -> Select[Ticket]:
    """The tickets that the figure counts, but for confidential ones that the reader is not named on."""
    return _counted(asked, listed).where(rules.known_to(asked.staff))


def kept_back(db: Session, asked: Asked, listed: Listed) -> int:
    """How many confidential ones the figure counts that ``behind`` does not show."""
    hidden = _counted(asked, listed).where(not_(rules.known_to(asked.staff)))
    return db.scalars(hidden.with_only_columns(func.count())).one()


def _counted(asked: Asked, listed: Listed) -> Select[Ticket]:
    found = _of_figure(asked, listed)
    for column, value in ((Ticket.need, listed.need), (Ticket.community_code, listed.community)):
        if value is not None:
            found = found.where(column.is_(None) if value == UNKNOWN else column == value)
    return found


def page(
    db: Session, asked: Asked, listed: Listed, order: str = "opened", *, newest: bool = True, after: int | None = None
) -> tuple[Sequence[Ticket], int | None]:
    """A page in this order, and the ticket to go on after; None on the last. Other than four queries it needs none."""
    column = ORDERS[order]
    found = behind(asked, listed)
    if after is not None:
        last = select(column).where(Ticket.id == after).correlate(None).scalar_subquery()
        here, there = tuple_(column, Ticket.id), tuple_(last, after)
        found = found.where(here < there if newest else here > there)
    sorts = (column.desc(), Ticket.id.desc()) if newest else (column, Ticket.id)
    rows = db.scalars(found.order_by(*sorts).limit(PAGE_TICKETS + 1).options(*shown())).all()
    return rows[:PAGE_TICKETS], rows[PAGE_TICKETS - 1].id if len(rows) > PAGE_TICKETS else None


def shown() -> tuple[Any, ...]:
    """What a line of a list shows of a ticket."""
    return (
        joinedload(Ticket.caller),
        joinedload(Ticket.community).options(lazyload(CommunityRow.aliases)),
        joinedload(Ticket.claimed_by).options(lazyload(Staff.communities)),
    )


def _of_figure(asked: Asked, listed: Listed) -> Select[Ticket]:
    if listed.figure in OF_DAYS:
        return counting.some_tickets(asked).where(OF_DAYS[listed.figure](asked))
    if listed.figure in tickets.STANDING:
        return counting.standing_tickets(asked).where(tickets.STANDING[listed.figure](asked))
    person = listed.person or asked.staff.id
    return select(Ticket).where(_work(asked, listed.figure, person))


def _work(asked: Asked, figure: str, person: int) -> ColumnElement[bool]:
    """Raises ``Forbidden`` when it is somebody else's work, and none of the reader's business."""
    if person != asked.staff.id and not rules.may(asked.staff, "see_work"):
        raise rules.Forbidden("see_work")
    work = people.holding(person) if figure == "held" else people.settled_by(asked, person)
    return work & rules.known_to(asked.staff)
