"""Sending notices: taken by one worker alone, sent or given up; what a channel cannot say is said by another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session, joinedload

from ivr.store.models import UNSENT, Notice, Ticket
from ivr.store.notices import due
from ivr.store.outbox import Later
from routing import escalation
from routing.escalation import Due

# After the n-th failure we wait so long, and the last wait again and again: four hours in all.
WAITS_S = (5, 15, 30, 60, 120, 300, 600, 900)
TRIES = 23
LONGEST_WAIT_S = 900.0  # whatever a service asks for: a notice of four hours ago helps nobody
# The other channel does not wait four hours for this one: it is told after the third failure, usually 20 seconds; and
# before that when the next try would come later than this, because the service hangs or wants to be left alone.
OTHER_AFTER_TRIES = 3
PATIENCE = timedelta(minutes=2)
URGENT_PATIENCE = timedelta(seconds=30)
LEASE = timedelta(minutes=2)  # longer than any service may take to answer
EARLY = timedelta(seconds=2)  # clocks of two machines
FORGOTTEN_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Taken:
    """A notice that is ours to send now. ``in_doubt``: an earlier try may have reached the service."""

    notice: Notice
    in_doubt: bool


def take(db: Session, notice_id: int, now: datetime) -> Taken | None:
    """The notice, for one worker alone and for the next two minutes; None when it is not to be sent (now).

    What is no longer true of its ticket is dropped.
    """
    at_it = and_(Notice.state == "sending", Notice.next_try_at <= now)
    waits = and_(Notice.state == "waiting", Notice.next_try_at <= now + EARLY)
    won = db.execute(
        update(Notice)
        .where(Notice.id == notice_id, or_(waits, at_it))
        .values(state="sending", tries=Notice.tries + 1, next_try_at=now + LEASE)
        .returning(Notice.id)
    ).first()
    if won is None:
        return None
    loaded = (
        joinedload(Notice.channel),
        joinedload(Notice.instead_of),
        joinedload(Notice.ticket).joinedload(Ticket.community),
    )
    notice = db.scalars(select(Notice).where(Notice.id == notice_id).options(*loaded)).one()
    facts = dict(due.facts_of(db, Ticket.id == notice.ticket_id, now)).get(notice.ticket_id)
    if facts is None or not escalation.still_true(facts, notice.event, notice.about):
        notice.state, notice.ended_at = "dropped", now
        return None
    in_doubt, notice.in_doubt = notice.in_doubt, True  # until we have an answer: we may die before it comes
    return Taken(notice, in_doubt)


def sent(db: Session, notice_id: int, answer: str, now: datetime) -> None:
    """The service has taken it."""
    notice = db.get_one(Notice, notice_id)
    notice.state, notice.ended_at, notice.in_doubt = "sent", now, False
    notice.trouble, notice.answer = None, answer


def not_sent(
    db: Session,
    later: Later,
    zone: ZoneInfo,
    notice_id: int,
    now: datetime,
    *,
    trouble: str,
    answer: str,
    in_doubt: bool,
    wait_s: float = 0.0,
    hopeless: bool = False,
    for_people: bool = False,
) -> Notice:
    """A try has failed: the next one is queued, or the notice is given up.

    The other channels are told after a few tries, or when the next one comes too late for this notice; at once when
    trying again alone will not help: ``for_people`` to mend, or ``hopeless``.
    """
    notice = db.get_one(Notice, notice_id)
    notice.trouble, notice.answer, notice.in_doubt = trouble, answer, in_doubt
    if hopeless or notice.tries >= TRIES:
        notice.state, notice.ended_at = "failed", now
    else:
        wait = max(WAITS_S[min(notice.tries, len(WAITS_S)) - 1], min(wait_s, LONGEST_WAIT_S))
        notice.state, notice.next_try_at = "waiting", now + timedelta(seconds=wait)
        later.enqueue(db, "send_notice", notice.id, notice.tries, delay_s=wait)
    if notice.state == "failed" or for_people or notice.tries >= OTHER_AFTER_TRIES or _too_late(notice):
        for other in due.others(db, zone, notice, now):
            instead = Due(notice.event, notice.about, notice.step, other, None)
            due.write(db, later, notice.ticket_id, instead, now, instead_of=notice.channel_id)
    return notice


def _too_late(notice: Notice) -> bool:
    patience = URGENT_PATIENCE if notice.ticket.urgent else PATIENCE
    return notice.next_try_at - notice.arisen_at > patience


def forgotten(db: Session, now: datetime) -> Sequence[int]:
    """Notices whose time to be tried was a while ago: their job was lost, or died."""
    late = select(Notice.id).where(Notice.state.in_(UNSENT), Notice.next_try_at < now - FORGOTTEN_AFTER)
    return db.scalars(late).all()
