"""The inbox: which tickets wait for this person, what is most pressing, and whether that has changed.

A view is a condition on tickets. Each has an index of its own over the open tickets alone, in the order in which they
are shown, so that a page and the counts beside it cost the same with a thousand tickets as with a million.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    false,
    func,
    literal,
    literal_column,
    select,
    text,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session, contains_eager, defer, joinedload, selectinload

from ivr.store.access import rules
from ivr.store.access.table import Scope
from ivr.store.models import Call, CallerCard, CommunityRow, HistoryLine, InboxFilter, Phone, Staff, Ticket, Turn
from ivr.store.models.ticket import FREE, WAITING

PAGE_TICKETS = 30
MOST_COUNTED = 100  # one more than is shown: 99+
MOST_BUILT = 500  # questions kept, one for each reader and view
NEWEST_TICKETS = 200  # among these a ticket that has just come in is looked for


@dataclass(frozen=True, slots=True)
class Filter:
    """What somebody has narrowed their inbox to. ``community`` is a code; None does not narrow."""

    need: str | None = None
    community: str | None = None
    street: str | None = None
    language: str | None = None
    urgent: bool = False

    def __bool__(self) -> bool:
        return self != Filter()


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
DONE, HUNG_UP = "done", "hung_up"  # what was settled today, and calls of which no ticket came: not waiting tickets
HUNG_UP_SHOWN = timedelta(days=2)
HUNG_UP_CALLS = 300  # of these the latest at most: in an emergency there are thousands


@dataclass(frozen=True, slots=True)
class Reading:
    """Who looks, at which view and how narrowed, and when. ``today`` is when the day began in the hotline's zone."""

    staff: Staff
    view: str
    filter: Filter
    now: Any  # a datetime, or the place of one in a question that is kept
    today: Any


class Row(NamedTuple):
    """A ticket as of its newest history ``line`` and its caller's ``card``: what is equal looks the same."""

    id: int
    line: int | None
    card: int | None
    claimed_by_id: int | None


@dataclass(frozen=True, slots=True)
class Contents:
    """What the reader would see: which rows, how many tickets in each view, and which is newest."""

    rows: tuple[Row, ...]
    more: int | None  # the ticket to continue after
    counts: dict[str, int]
    newest: int  # the youngest ticket of the view, if it is among the last that came in; else 0


@dataclass(frozen=True, slots=True)
class HungUp:
    """Somebody who rang and hung up before saying anything, ``times`` since ``HUNG_UP_SHOWN``, last at ``last_at``."""

    caller_id: int | None
    last_at: datetime
    times: int


def views_for(staff: Staff) -> list[str]:
    """The views this person has, in the order of their tabs."""
    keys = [key for key, view in VIEWS.items() if view.for_whom(staff)]
    at = keys.index("silent")
    return [*keys[:at], *([HUNG_UP] if rules.sees_hotlines_own(staff) else []), *keys[at:], DONE]


def contents(db: Session, reading: Reading, after: int | None = None) -> Contents:
    """What the reader's page holds, in two questions; a third when it is to continue *after* a ticket."""
    rows_of, counts_of = _questions(db, reading, after)
    times = {"now": reading.now, "today": reading.today, "shown_since": reading.now - HUNG_UP_SHOWN}
    found: Sequence[Any] = [] if rows_of is None else db.execute(rows_of, times).all()
    counted = db.execute(counts_of, times).one()._asdict()
    newest = max(counted.pop(name) or 0 for name in list(counted) if name.startswith("newest"))
    counts = dict.fromkeys(views_for(reading.staff), 0)
    for name, number in counted.items():
        key = name.partition(".")[0]
        counts[key] = min(counts[key] + number, MOST_COUNTED)
    rows = tuple(Row(*row) for row in found[:PAGE_TICKETS])
    return Contents(rows, rows[-1].id if len(found) > PAGE_TICKETS else None, counts, newest)


Questions = tuple[Select[Any] | None, Select[Any]]
_built: dict[Hashable, Questions] = {}


def _questions(db: Session, reading: Reading, after: int | None) -> Questions:
    """What is asked of the database for this page, kept without its times: to build it takes longer than to ask it.

    For the rows (of hung-up calls there are none), and for the counts.
    """
    staff = reading.staff
    key = (staff.id, staff.role, tuple(staff.community_codes), reading.view, reading.filter, after)
    if known := _built.get(key):
        return known
    timeless = replace(reading, now=bindparam("now"), today=bindparam("today"))
    built = None if reading.view == HUNG_UP else _rows(db, timeless, after), _counts(timeless)
    if after is None:  # where a page goes on depends on the ticket it goes on after
        if len(_built) >= MOST_BUILT:
            _built.clear()
        _built[key] = built
    return built


def tickets(db: Session, ids: Sequence[int]) -> list[Ticket]:
    """These tickets in this order, with what a row shows of them."""
    loaded = (
        joinedload(Ticket.caller),
        joinedload(Ticket.community).lazyload(CommunityRow.aliases),
        joinedload(Ticket.claimed_by).lazyload(Staff.communities),
        selectinload(Ticket.recordings),
    )
    found = {ticket.id: ticket for ticket in db.scalars(select(Ticket).where(Ticket.id.in_(ids)).options(*loaded))}
    return [found[each] for each in ids if each in found]


def turns(db: Session, ids: Sequence[int]) -> dict[int | None, list[Turn]]:
    """The exchanges on the line of these tickets' calls, in their order, by the ticket's id."""
    query = select(Turn).join(Turn.call).where(Call.ticket_id.in_(ids))
    read = query.options(contains_eager(Turn.call), defer(Turn.reply)).order_by(Turn.call_id, Turn.n)
    found: dict[int | None, list[Turn]] = {}
    for turn in db.scalars(read):
        found.setdefault(turn.call.ticket_id, []).append(turn)
    return found


def cards(db: Session, phone_ids: Sequence[int | None]) -> dict[int, CallerCard]:
    """The cards of these callers, by the phone's id."""
    known = db.scalars(select(CallerCard).where(CallerCard.phone_id.in_({each for each in phone_ids if each})))
    return {card.phone_id: card for card in known}


def phones(db: Session, ids: Sequence[int | None]) -> dict[int, Phone]:
    """These callers' numbers, by id."""
    known = {each for each in ids if each}
    return {phone.id: phone for phone in db.scalars(select(Phone).where(Phone.id.in_(known)))} if known else {}


def street(db: Session, name: str) -> str | None:
    """The street of this name, as the directory writes it."""
    rows = select(CommunityRow.street).where(CommunityRow.street == name, CommunityRow.retired_at.is_(None))
    return db.scalars(rows.limit(1)).first()


def hung_up(db: Session, reading: Reading) -> list[HungUp]:
    """Who hung up before saying anything and did not ring again since, the latest first."""
    calls = _hung_up(reading).order_by(text("last_at DESC")).limit(MOST_COUNTED)
    since = {"shown_since": reading.now - HUNG_UP_SHOWN}
    return [HungUp(row.caller_id, row.last_at, row.times) for row in db.execute(calls, since)]


def anything_new(db: Session) -> tuple[Any, ...]:
    """Changes with every history line and every call that ends, whoever may see them: one cheap question.

    The newest lines are added up, because a line may be committed after one of a higher id.
    """
    newest = select(HistoryLine.id).order_by(HistoryLine.id.desc()).limit(MOST_COUNTED).subquery()
    ended = select(func.max(Call.ended_at)).scalar_subquery()
    return tuple(db.execute(select(func.max(newest.c.id), func.sum(newest.c.id), ended)).one())


def chosen(db: Session, staff: Staff) -> Filter:
    """What this person has narrowed their inbox to."""
    kept = db.get(InboxFilter, staff.id)
    return Filter(**kept.chosen) if kept else Filter()


def choose(db: Session, staff: Staff, wanted: Filter) -> None:
    """Narrow this person's inbox, here and wherever they log in next."""
    kept = db.get(InboxFilter, staff.id) or InboxFilter(staff_id=staff.id)
    kept.chosen = asdict(wanted)
    db.add(kept)


NARROWED: Mapping[str, Callable[[Any], ColumnElement[bool]]] = {
    "need": lambda need: Ticket.need == need,
    "community": lambda code: Ticket.community_code == code,
    "street": lambda street: Ticket.community_code.in_(select(CommunityRow.code).where(CommunityRow.street == street)),
    "language": lambda language: Ticket.language == language,
    "urgent": lambda _: Ticket.urgent == true(),
}


def _within(reading: Reading) -> list[ColumnElement[bool]]:
    """What the reader may see of what they have narrowed their inbox to."""
    given = ((condition, getattr(reading.filter, name)) for name, condition in NARROWED.items())
    return [rules.visible_to(reading.staff), *(condition(value) for condition, value in given if value)]


def _rows(db: Session, reading: Reading, after: int | None) -> Select[Any]:
    """The page's tickets, and one more, each with its newest history line and the version of its caller's card."""
    last = db.execute(select(Ticket).where(Ticket.id == after)).scalars().first() if after else None
    found = _done(reading, last) if reading.view == DONE else _pressing(reading, last)
    line = select(func.max(HistoryLine.id)).where(HistoryLine.ticket_id == found.c.id)
    card = select(CallerCard.version).where(CallerCard.phone_id == found.c.caller_id)
    done = reading.view == DONE
    order = (found.c.at.desc(), found.c.id.desc()) if done else (found.c.place, found.c.at, found.c.id)
    columns = (found.c.id, line.scalar_subquery(), card.scalar_subquery(), found.c.claimed_by_id)
    return select(*columns).order_by(*order)


def _pressing(reading: Reading, last: Ticket | None) -> Any:
    """Urgent ones first, then by the promise: each part of the view and each urgency from its own index."""
    view = VIEWS[reading.view]
    within, branches = _within(reading), []
    for part in view.parts(reading.staff, reading.now):
        for place, urgent in enumerate([None] if view.late_first else [True, False]):
            of_urgency = [] if urgent is None else [Ticket.urgent == (true() if urgent else false())]
            if last and urgent is True and not last.urgent:
                continue
            if last and urgent in (None, last.urgent):
                of_urgency.append(tuple_(Ticket.due_at, Ticket.id) > tuple_(last.due_at, last.id))
            columns = (
                Ticket.id,
                Ticket.caller_id,
                Ticket.claimed_by_id,
                Ticket.due_at.label("at"),
                literal(place).label("place"),
            )
            found = select(*columns).where(part, *of_urgency, *within).order_by(Ticket.due_at, Ticket.id)
            branches.append(select(found.limit(PAGE_TICKETS + 1).subquery()))
    every = union_all(*branches).subquery()
    return select(every).order_by(every.c.place, every.c.at, every.c.id).limit(PAGE_TICKETS + 1).subquery()


def _done(reading: Reading, last: Ticket | None) -> Any:
    """What was settled today, the latest first."""
    columns = (
        Ticket.id,
        Ticket.caller_id,
        Ticket.claimed_by_id,
        Ticket.resolved_at.label("at"),
        literal(0).label("place"),
    )
    found = select(*columns).where(_settled(reading), *_within(reading))
    if last and last.resolved_at:
        found = found.where(tuple_(Ticket.resolved_at, Ticket.id) < tuple_(last.resolved_at, last.id))
    return found.order_by(Ticket.resolved_at.desc(), Ticket.id.desc()).limit(PAGE_TICKETS + 1).subquery()


def _settled(reading: Reading) -> ColumnElement[bool]:
    return and_(
        Ticket.resolved_at >= reading.today,
        Ticket.status.in_(("resolved", "closed")),
        Ticket.merged_into_id.is_(None),
    )


def _counts(reading: Reading) -> Select[Any]:
    """How many tickets each view has, up to ``MOST_COUNTED``, and the newest one of the view that is looked at."""
    staff, within, columns = reading.staff, _within(reading), []

    def counted(name: str, found: Select[Any]) -> None:
        columns.append(
            select(func.count()).select_from(found.limit(MOST_COUNTED).subquery()).scalar_subquery().label(name)
        )

    recent = Ticket.id > select(func.max(Ticket.id) - NEWEST_TICKETS).scalar_subquery()
    for key in views_for(staff):
        if key == DONE:
            counted(key, select(Ticket.id).where(_settled(reading), *within))
        elif key == HUNG_UP:
            counted(key, _hung_up(reading))
        else:
            for n, part in enumerate(VIEWS[key].parts(staff, reading.now)):
                counted(f"{key}.{n}", select(Ticket.id).where(part, *within))
    newest = VIEWS[reading.view].parts(staff, reading.now) if reading.view in VIEWS else ()
    for n, part in enumerate(newest or [false()]):
        columns.append(select(func.max(Ticket.id)).where(part, recent, *within).scalar_subquery().label(f"newest.{n}"))
    return select(*columns)


def _hung_up(reading: Reading) -> Select[Any]:
    """The latest calls without a ticket, one row a caller; those whose number was withheld one row a call."""
    latest = (
        select(Call.id, Call.caller_id, Call.started_at)
        .where(Call.ticket_id.is_(None), Call.ended_at.is_not(None), Call.started_at >= bindparam("shown_since"))
        .order_by(Call.started_at.desc())
        .limit(HUNG_UP_CALLS)
        .subquery()
    )
    caller, at = latest.c.caller_id, latest.c.started_at
    again = select(Ticket.id).where(Ticket.caller_id == caller, Ticket.opened_at >= at)
    return (
        select(caller, func.max(at).label("last_at"), func.count().label("times"))
        .where(~again.exists())
        .group_by(caller, func.coalesce(caller, -latest.c.id))
    )
