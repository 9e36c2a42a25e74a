"""Callers who wait for somebody to be free: in which order, for how long, and what became of them."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from ivr.store.insert import insert_new
from ivr.store.models import Call, Ring, Wait
from routing.roster.waiting import LATEST

GONE = timedelta(minutes=1)  # who has not been told to wait for so long is on the line no more, whatever we heard


def waits(db: Session, call_id: int, *, first: bool, now: datetime) -> None:
    """This caller waits, for the first time or still. ``first``: in the slow lane, which goes before the others."""
    insert_new(db, Wait, call_id=call_id, since=now, first=first, seen_at=now)
    db.execute(update(Wait).where(Wait.call_id == call_id).values(seen_at=now, ended=None, ended_at=None))


def ends(db: Session, call_id: int, how: str, now: datetime) -> None:
    """They wait no more: see ``Wait`` for *how*."""
    waiting = update(Wait).where(Wait.call_id == call_id, Wait.ended.is_(None))
    db.execute(waiting.values(ended=how, ended_at=now))


def ahead(db: Session, call_id: int, *, first: bool, now: datetime) -> int:
    """How many callers are to be helped before this one, who may not have begun to wait."""
    since = db.scalar(select(Wait.since).where(Wait.call_id == call_id)) or now
    earlier: ColumnElement[bool] = Wait.since < since
    before = and_(Wait.first, earlier) if first else or_(Wait.first, earlier)
    return db.scalar(select(func.count()).where(holds_place(now), Wait.call_id != call_id, before)) or 0


def holds_place(now: datetime) -> ColumnElement[bool]:
    """The condition on waits: the caller is on the line, or is to be called when it is their turn.

    Whoever calls them says again and again that they are still to be called: else they hold nobody up.
    """
    kept = and_(Wait.ended == "call_back", Wait.done_at.is_(None))
    return and_(or_(Wait.ended.is_(None), kept), Wait.seen_at > now - GONE)


def is_waiting(now: datetime) -> ColumnElement[bool]:
    """The condition on waits: the caller is on the line."""
    return and_(Wait.ended.is_(None), Wait.seen_at > now - GONE)


def talks(db: Session) -> list[timedelta]:
    """How long the latest callers spoke with somebody."""
    taken = select(Ring.answered_at, Ring.ended_at).where(
        Ring.outcome == "taken", Ring.answered_at.is_not(None), Ring.ended_at.is_not(None)
    )
    rows = db.execute(taken.order_by(Ring.rung_at.desc()).limit(LATEST))
    return [ended - answered for answered, ended in rows if answered and ended]


def now_waiting(db: Session, now: datetime) -> list[tuple[Wait, Call]]:
    """Who waits, in the order in which they are helped."""
    query = select(Wait, Call).join(Wait.call).where(is_waiting(now)).order_by(Wait.first.desc(), Wait.since)
    return [(wait, call) for wait, call in db.execute(query)]
