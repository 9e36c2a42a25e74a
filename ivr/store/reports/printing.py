"""What goes on paper: the lines of the log book, a shift's slips, the directory by street."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, func, literal, select, union_all
from sqlalchemy.orm import Session, contains_eager, defer, joinedload, lazyload, selectinload

from ivr.store.access import rules
from ivr.store.calls import log as call_log
from ivr.store.calls.log import Filter
from ivr.store.models import Call, CallerCard, CommunityRow, HistoryLine, Staff, Ticket, Turn
from ivr.store.models.ticket import IS_WAITING
from ivr.store.tickets import history as lines
from routing.questions import About

MAX_LINES = 500  # of one printed part of the book: some thirty sheets
MAX_SLIPS = 40
MAX_UNNUMBERED = 200

# The log's filters for tickets that somebody typed. They are in no call's outcome: nobody was on the line.
OF_TYPED: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "since": lambda moment: Ticket.opened_at >= moment,
    "until": lambda moment: Ticket.opened_at < moment,
    "outcome": lambda outcome: false(),
    "need": lambda need: Ticket.need == need,
    "community": lambda code: Ticket.community_code == code,
    "communities": lambda codes: Ticket.community_code.in_(codes),
    "language": lambda language: Ticket.language == language,
    "test": lambda test: Ticket.test.is_(test),
    "left_at": lambda step: false(),
    "figure": lambda condition: false(),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log book: a call, or a ticket that somebody typed."""

    at: datetime
    entry: Call | Ticket

    @property
    def call(self) -> Call | None:
        return self.entry if isinstance(self.entry, Call) else None

    @property
    def ticket(self) -> Ticket | None:
        return self.entry.ticket if isinstance(self.entry, Call) else self.entry


@dataclass(frozen=True, slots=True)
class Street:
    """The communities of one street that callers can key, by their numbers."""

    district: str
    name: str
    communities: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Wall:
    """The directory for the wall: by street, then those without a keypad number: the first of *lacking* ones."""

    streets: Sequence[Street]
    unnumbered: Sequence[Any]
    lacking: int


def log(db: Session, staff: Staff, wanted: Filter, part: int = 1) -> tuple[list[Line], int]:
    """The *part*-th ``MAX_LINES`` of the book, oldest first as on paper, and how many lines there are in all.

    The number of queries does not depend on the number of lines.
    """
    calls = rules.visible_calls(staff).where(*call_log.narrowed(wanted))
    by_call = calls.with_only_columns(Call.started_at.label("at"), literal(0).label("typed"), Call.id.label("id"))
    typed = rules.visible_typed(staff).where(*call_log.narrowed(wanted, OF_TYPED))
    by_hand = typed.with_only_columns(Ticket.opened_at, literal(1), Ticket.id)
    book = union_all(by_call, by_hand).subquery()
    total = db.scalars(select(func.count()).select_from(book)).one()
    order = (book.c.at, book.c.typed, book.c.id)
    page = db.execute(select(book).order_by(*order).limit(MAX_LINES).offset((part - 1) * MAX_LINES)).all()
    of_call = _calls(db, [row.id for row in page if not row.typed])
    of_ticket = _tickets(db, [row.id for row in page if row.typed])
    return [Line(row.at, of_ticket[row.id] if row.typed else of_call[row.id]) for row in page], total


def slip(db: Session, staff: Staff, ticket_id: int) -> Ticket:
    """One ticket with all that its slip says. Raises ``NotFound``."""
    query = rules.visible_tickets(staff).where(Ticket.id == ticket_id)
    found = db.scalars(query.options(*_of_ticket(), _need_turns(selectinload(Ticket.calls)))).one_or_none()
    if found is None:
        raise rules.NotFound(ticket=ticket_id)
    return found


def slips(db: Session, staff: Staff) -> tuple[Sequence[Ticket], int]:
    """What *staff* have in hand, most pressing first: at most ``MAX_SLIPS``, of how many."""
    held = select(Ticket.id).where(IS_WAITING, Ticket.claimed_by_id == staff.id)
    mine = rules.visible_tickets(staff).where(Ticket.id.in_(held))
    total = db.scalars(mine.with_only_columns(func.count())).one()
    query = mine.order_by(Ticket.urgent.desc(), Ticket.due_at, Ticket.id).limit(MAX_SLIPS)
    return db.scalars(query.options(*_of_ticket(), _need_turns(selectinload(Ticket.calls)))).all(), total


def histories(db: Session, tickets: Sequence[Ticket]) -> dict[int, list[HistoryLine]]:
    """Each ticket's history by its id, oldest first, with that of the tickets that were merged into it."""
    found = {ticket.id: list(ticket.history) for ticket in tickets}
    into = {gone: ticket.id for ticket in tickets for gone in lines.absorbed(ticket.history)}
    for line in db.scalars(select(HistoryLine).where(HistoryLine.ticket_id.in_(into))):
        found[into[line.ticket_id]].append(line)
    return {each: sorted(history, key=lambda line: line.id) for each, history in found.items()}


def cards(db: Session, phone_ids: Iterable[int | None]) -> dict[int, CallerCard]:
    """The cards of those callers who agreed to be remembered, by the id of their number."""
    query = select(CallerCard).where(
        CallerCard.phone_id.in_(set(phone_ids) - {None}), CallerCard.consent_at.is_not(None)
    )
    found = db.scalars(query.options(joinedload(CallerCard.family_phone)))
    return {card.phone_id: card for card in found}


def wall(db: Session) -> Wall:
    """The communities in service; streets in the order of their lowest number."""
    columns = (
        CommunityRow.code,
        CommunityRow.name,
        CommunityRow.street,
        CommunityRow.district,
        CommunityRow.keypad,
    )
    listed = select(*columns).where(CommunityRow.retired_at.is_(None))
    streets: dict[tuple[str, str], list[Any]] = {}
    for row in db.execute(listed.where(CommunityRow.keypad.is_not(None)).order_by(CommunityRow.keypad)):
        streets.setdefault((row.district, row.street), []).append(row)
    without = listed.where(CommunityRow.keypad.is_(None))
    first = without.order_by(CommunityRow.district, CommunityRow.street, CommunityRow.name).limit(MAX_UNNUMBERED)
    lacking = db.scalars(without.with_only_columns(func.count())).one()
    return Wall([Street(*key, rows) for key, rows in streets.items()], db.execute(first).all(), lacking)


def _calls(db: Session, ids: Sequence[int]) -> dict[int, Call]:
    query = select(Call).where(Call.id.in_(ids)).outerjoin(Call.ticket)
    loaded = (
        joinedload(Call.caller),
        contains_eager(Call.ticket).options(*_of_ticket()),
        selectinload(Call.recordings),
        selectinload(Call.turns.and_(Turn.about == About.NEED)).options(defer(Turn.reply)),
    )
    return {call.id: call for call in db.scalars(query.options(*loaded))}


def _tickets(db: Session, ids: Sequence[int]) -> dict[int, Ticket]:
    query = select(Ticket).where(Ticket.id.in_(ids)).options(*_of_ticket())
    return {ticket.id: ticket for ticket in db.scalars(query)}


def _of_ticket() -> tuple[Any, ...]:
    """What a sheet says of a ticket, and nothing that comes along by itself."""
    return (
        joinedload(Ticket.caller),
        joinedload(Ticket.community).options(lazyload(CommunityRow.aliases)),
        joinedload(Ticket.claimed_by).options(lazyload(Staff.communities)),
        joinedload(Ticket.merged_into),
        selectinload(Ticket.recordings),
        selectinload(Ticket.history).load_only(HistoryLine.kind, HistoryLine.detail),
    )


def _need_turns(calls: Any) -> Any:
    return calls.selectinload(Call.turns.and_(Turn.about == About.NEED)).options(defer(Turn.reply))
