"""What a download of calls or tickets holds: plain rows of exactly what the list shows, read in portions."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, false, func, literal_column, select, true
from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.calls import log
from ivr.store.calls.log import Filter
from ivr.store.figures import lists, tickets
from ivr.store.figures.lists import Listed
from ivr.store.figures.period import Asked
from ivr.store.models import Call, CommunityRow, Phone, Recording, Staff, Ticket
from ivr.store.models.phone import masked, number_of

MAX_ROWS = 50_000  # of one file: some seconds of work, and what people still open
PORTION_ROWS = 1_000


class TooMany(Exception):
    """More rows than a file may hold."""


def calls(db: Session, staff: Staff, wanted: Filter) -> tuple[int, Iterator[Any]]:
    """How many, and the calls of the log, oldest first. ``caller(row)`` is as the log shows it. Raises ``TooMany``."""
    found = rules.visible_calls(staff, "export").where(*log.narrowed(wanted))
    seconds = select(func.sum(Recording.seconds)).where(Recording.call_id == Call.id).scalar_subquery()
    columns = (
        Call.started_at,
        Call.ended_at,
        *_number(true() if rules.may(staff, "see_logged_number") else false()),
        Call.outcome,
        Call.left_at,
        Call.wants_person_at,
        Call.taken_at,
        seconds.label("message_s"),
        Call.language,
        Call.test,
        Call.ticket_id,
        Ticket.need,
        Ticket.status,
        CommunityRow.name.label("community"),
        CommunityRow.street,
    )
    rows = found.outerjoin(Phone, Phone.id == Call.caller_id)
    rows = rows.outerjoin(CommunityRow, CommunityRow.code == Ticket.community_code)
    return _counted(db, found), _read(db, rows.with_only_columns(*columns).order_by(Call.started_at, Call.id))


def of_tickets(db: Session, asked: Asked, listed: Listed) -> tuple[int, Iterator[Any]]:
    """How many, and the tickets behind a figure, oldest first; masked as on their pages. Raises ``TooMany``."""
    found = lists.behind(asked, listed).where(rules.granted(asked.staff, "export"))
    columns = (
        Ticket.id,
        Ticket.opened_at,
        Ticket.need,
        CommunityRow.name.label("community"),
        CommunityRow.street,
        *_number(rules.granted(asked.staff, "see_number")),
        Ticket.language,
        Ticket.urgent,
        Ticket.status,
        Ticket.due_at,
        tickets.claimed_at().label("claimed_at"),
        tickets.contacted_at().label("contacted_at"),
        Ticket.resolved_at,
        Staff.name.label("holder"),
    )
    rows = found.outerjoin(Phone, Phone.id == Ticket.caller_id)
    rows = rows.outerjoin(CommunityRow, CommunityRow.code == Ticket.community_code)
    rows = rows.outerjoin(Staff, Staff.id == Ticket.claimed_by_id)
    return _counted(db, found), _read(db, rows.with_only_columns(*columns).order_by(Ticket.opened_at, Ticket.id))


def caller(row: Any) -> str | None:
    """Of a row: the caller's number as its reader may see it."""
    number: str | None = row.caller
    return number if number is None or row.whole else masked(number)


def _number(whole: Any) -> tuple[Any, Any]:
    return number_of(Phone.kept_by, Phone.number).label("caller"), whole.label("whole")


def _counted(db: Session, found: Select[Any]) -> int:
    first = found.with_only_columns(literal_column("1").label("one")).limit(MAX_ROWS + 1).subquery()
    number = db.scalars(select(func.count()).select_from(first)).one()
    if number > MAX_ROWS:
        raise TooMany
    return number


def _read(db: Session, rows: Select[Any]) -> Iterator[Any]:
    return iter(db.execute(rows, execution_options={"yield_per": PORTION_ROWS}))
