"""Placing a call at the carrier: taken by one worker alone, placed, tried again, or given up."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from ivr.store.models import Outgoing
from ivr.store.outbox import CALLS, Later
from ivr.store.outgoing import course

WAITS_S = (2, 5, 15, 30)  # after the n-th failure: somebody holds their telephone and waits
TRIES = 1 + len(WAITS_S)
LEASE = timedelta(seconds=45)  # longer than the carrier may take to answer
STALE = timedelta(minutes=3)  # after that, whoever asked for it does not expect it any more
EARLY = timedelta(seconds=2)  # clocks of two machines
FORGOTTEN_AFTER = timedelta(minutes=1)
UNPLACED = ("waiting", "placing")


def take(db: Session, outgoing_id: int, now: datetime) -> tuple[Outgoing, bool] | None:
    """The call, for one worker alone, and whether an earlier try may have placed it; None: it is not to be placed."""
    at_it = and_(Outgoing.state == "placing", Outgoing.next_try_at <= now)
    waits = and_(Outgoing.state == "waiting", Outgoing.next_try_at <= now + EARLY)
    won = db.execute(
        update(Outgoing)
        .where(Outgoing.id == outgoing_id, Outgoing.sid.is_(None), or_(waits, at_it))
        .values(state="placing", tries=Outgoing.tries + 1, next_try_at=now + LEASE)
        .returning(Outgoing.id)
    ).first()
    if won is None:
        return None
    row = course.hold(db, outgoing_id)
    if row is None or (now - row.asked_at > STALE and not row.in_doubt):
        if row:
            row.trouble = row.trouble or "late"
            course.end(db, row, "not_placed", now)
        return None
    in_doubt, row.in_doubt = row.in_doubt, True  # until we have an answer: we may die before it comes
    return row, in_doubt


def placed(db: Session, outgoing_id: int, sid: str) -> None:
    """The carrier has it. Its own first request may have been quicker to say so."""
    row = course.hold(db, outgoing_id)
    if row and row.sid is None:
        row.sid = sid
        if row.state in UNPLACED:
            row.state = "ringing"


def not_placed(
    db: Session, later: Later, outgoing_id: int, now: datetime, *, trouble: str, code: int | None, in_doubt: bool
) -> None:
    """A try has failed: the next one is queued, unless trying again will not help."""
    row = course.hold(db, outgoing_id)
    if row is None or row.sid or row.state not in UNPLACED:
        return  # it rings all the same
    row.trouble, row.code, row.in_doubt = trouble, code, in_doubt
    if trouble in ("refused", "rejected") or row.tries >= TRIES:
        course.end(db, row, "not_placed", now)
        return
    wait_s = WAITS_S[row.tries - 1]
    row.state, row.next_try_at = "waiting", now + timedelta(seconds=wait_s)
    later.enqueue(db, "place_call", row.id, row.tries, delay_s=wait_s, lane=CALLS)


def is_known(db: Session, sid: str) -> bool:
    """Whether this call of the carrier's is one of those that we know of."""
    return db.scalar(select(Outgoing.id).where(Outgoing.sid == sid)) is not None


def forgotten(db: Session, now: datetime) -> Sequence[int]:
    """Calls whose time to be placed was a while ago: their job was lost, or died."""
    late = select(Outgoing.id).where(Outgoing.state.in_(UNPLACED), Outgoing.next_try_at < now - FORGOTTEN_AFTER)
    return db.scalars(late).all()
