"""What has been kept long enough: of finished tickets and of calls without one, never of what is open or held."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from ivr.store.facts.history import WORDS
from ivr.store.facts.line import PlaceDuty
from ivr.store.models import (
    AuditLine,
    Call,
    CallerCard,
    HistoryLine,
    Hotline,
    LegalHold,
    LineChange,
    Phone,
    Recording,
    Ticket,
    Turn,
)

FINISHED = ("resolved", "closed")


class Periods(NamedTuple):
    """Days each kind is kept after its ticket was finished, or its call ended; 0: for ever."""

    audio: int = 0
    words: int = 0
    numbers: int = 0
    cards: int = 0
    log: int = 0

    def before(self, kind: str, now: datetime) -> datetime | None:
        """What is older than this is not kept; None: everything is."""
        days: int = getattr(self, kind)
        return now - timedelta(days=days) if days else None


def held() -> ColumnElement[bool]:
    """The condition on tickets that somebody holds; those that were merged, with what they are a part of."""
    return exists().where(or_(LegalHold.ticket_id == Ticket.id, LegalHold.ticket_id == Ticket.merged_into_id))


def over(before: datetime) -> ColumnElement[bool]:
    """The condition on tickets that were finished before then, and that nobody holds."""
    finished = func.coalesce(Ticket.closed_at, Ticket.resolved_at, Ticket.opened_at) < before
    return and_(or_(Ticket.status.in_(FINISHED), Ticket.merged_into_id.is_not(None)), finished, ~held())


def over_calls(before: datetime) -> ColumnElement[bool]:
    """The condition on calls: those of such tickets, and those without a ticket that ended before then."""
    return or_(Call.ticket.has(over(before)), and_(Call.ticket_id.is_(None), Call.ended_at < before))


def recordings(before: datetime) -> Select[int]:
    """Of the messages that are here, those whose time is over, by id."""
    return select(Recording.id).where(Recording.path.is_not(None), Recording.call.has(over_calls(before)))


def turns(before: datetime) -> Select[int]:
    """Of what callers said or keyed."""
    spoke = Turn.heard["text"].as_string().is_not(None)
    return select(Turn.id).where(spoke, Turn.call.has(over_calls(before)))


def lines(before: datetime) -> Select[int]:
    """Of what staff wrote."""
    wrote = or_(*(func.coalesce(HistoryLine.detail[word].as_string(), "") != "" for word in WORDS))
    return select(HistoryLine.id).where(wrote, HistoryLine.ticket.has(over(before)))


def numbers(before: datetime) -> Select[int]:
    """Of callers' numbers: those of nobody who has rung, or has something open, since."""
    return select(Phone.id).where(_unused(before, Phone.id), exists().where(Call.caller_id == Phone.id) | _ticketed())


def cards(before: datetime) -> Select[int]:
    """Of callers' cards, by their number's id."""
    unused = _unused(before, CallerCard.phone_id)
    return select(CallerCard.phone_id).where(unused, CallerCard.updated_at < before)


def _unused(before: datetime, phone_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether no ticket and no call of a number is younger, open or held, and it is none of our own."""
    ticket = exists().where(Ticket.caller_id == phone_id, ~over(before))
    call = exists().where(Call.caller_id == phone_id, or_(~over_calls(before), Call.ended_at.is_(None)))
    ours = exists().where(Call.called_id == phone_id) | exists().where(Hotline.duty_phone_id == phone_id)
    return ~ticket & ~call & ~ours & ~exists().where(LineChange.current, _duty_of_a_place() == phone_id)


def _duty_of_a_place() -> ColumnElement[int]:
    """Of a change: the id of the number that it has rung for a community's callers; null for any other."""
    return case((LineChange.kind == PlaceDuty.kind, LineChange.after["phone"].as_integer()))


def _ticketed() -> ColumnElement[bool]:
    return exists().where(Ticket.caller_id == Phone.id)


def counted(db: Session, periods: Periods, now: datetime) -> Mapping[str, int]:
    """How much of each kind would go now: nothing is changed."""
    return {kind: _count(db, kind, before) if (before := periods.before(kind, now)) else 0 for kind in Periods._fields}


def _count(db: Session, kind: str, before: datetime) -> int:
    if kind == "log":
        return db.scalar(select(func.count()).select_from(AuditLine).where(AuditLine.at < before)) or 0
    queries = {"audio": [recordings], "words": [turns, lines], "numbers": [numbers], "cards": [cards]}[kind]
    return sum(db.scalar(select(func.count()).select_from(each(before).subquery())) or 0 for each in queries)
