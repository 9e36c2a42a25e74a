"""Callers who left the queue and kept their place: called when it is their turn and somebody is free."""

from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from ivr.store.answering import ringing
from ivr.store.models import Call, LinePerson, Outgoing, Wait
from ivr.store.outbox import Later
from ivr.store.outgoing import callbacks
from ivr.store.outgoing.ordering import NotCalled, Terms
from routing.roster.selection import Wanted

KEPT_FOR = timedelta(hours=2)  # after that the ticket's promise holds, and they are called back by hand
HELPERS = 3  # so many who do not pick up, likewise


def any_places(db: Session, now: datetime) -> bool:
    """Whether a place is kept for anybody."""
    return db.scalar(select(Wait.call_id).where(_kept(now)).limit(1)) is not None


def places(db: Session, now: datetime) -> list[int]:
    """The calls whose place is kept, in the order in which they are called; said again: nobody overtakes them."""
    kept = _kept(now)
    db.execute(update(Wait).where(kept).values(seen_at=now))
    return list(db.scalars(select(Wait.call_id).where(kept).order_by(Wait.first.desc(), Wait.since)))


def call(db: Session, later: Later, call_id: int, terms: Terms, now: datetime) -> Outgoing | None:
    """Have whoever is free called for this place, if it is its turn; None: it is not, or it has been."""
    wait, row = db.get_one(Wait, call_id), db.get_one(Call, call_id, with_for_update={"of": Call})
    calls = list(db.scalars(select(Outgoing).where(Outgoing.place_id == call_id).order_by(Outgoing.id)))
    ticket, last = row.ticket, calls[-1] if calls else None
    if last and last.ended_at is None:
        return None
    over = row.test or ticket is None or not ticket.is_open or len(calls) >= HELPERS
    if ticket is None or over or (last and last.taken_at):
        wait.done_at = now
        return None
    without = frozenset(each.staff_id for each in calls if each.staff_id)
    wanted = Wanted(row.language, ticket.need, ticket.community_code, without)
    line = ringing.look(db, call_id, wanted, None, first=wait.first, now=now)
    if not line.ours:
        return None
    person, key = db.get_one(LinePerson, line.ours[0]), f"place:{call_id}:{len(calls)}"
    with suppress(NotCalled):  # they are on the line, or are being called: the next time
        return callbacks.place(db, later, person, ticket, key, terms, now, place_id=call_id)
    return None


def _kept(now: datetime) -> ColumnElement[bool]:
    return and_(Wait.ended == "call_back", Wait.done_at.is_(None), Wait.since > now - KEPT_FOR)
