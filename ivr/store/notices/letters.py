"""The letters of the morning: whom a rule names is told once how the day before went."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ivr.store.insert import insert_new
from ivr.store.models import UNSENT, Channel, NoticeRule, ReportLetter
from routing.escalation import DAILY

USUAL = "07:00"  # unless the rule's hours say when they begin
TOO_LATE = timedelta(hours=12)  # the day's own report is next
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
TRIES = 10
LEASE = timedelta(minutes=5)  # longer than any service may take to answer


def write_due(db: Session, zone: ZoneInfo, now: datetime) -> None:
    """Write this morning's letters that are not written yet; what was due before a rule was made is past."""
    today = now.astimezone(zone).date()
    daily = (
        select(NoticeRule).join(NoticeRule.first).where(NoticeRule.occasion.in_(DAILY), Channel.removed_at.is_(None))
    )
    for rule in db.scalars(daily):
        due_at = datetime.combine(today, time.fromisoformat(rule.hours.get("from", USUAL)), zone)
        if max(rule.since, now - TOO_LATE) <= due_at <= now:
            day = today - timedelta(days=1)
            insert_new(db, ReportLetter, day=day, channel_id=rule.first_id, state="waiting", next_try_at=now, tries=0)


def take(db: Session, now: datetime) -> Sequence[int]:
    """The letters that are ours to send now, and nobody else's for the next minutes."""
    due = ReportLetter.state.in_(UNSENT) & (ReportLetter.next_try_at <= now)
    mine = {"state": "sending", "tries": ReportLetter.tries + 1, "next_try_at": now + LEASE}
    return db.scalars(update(ReportLetter).where(due).values(mine).returning(ReportLetter.id)).all()


def letter(db: Session, letter_id: int) -> tuple[date, Channel]:
    """Which day it tells of, and by which channel."""
    found = db.get_one(ReportLetter, letter_id)
    return found.day, found.channel


def sent(db: Session, letter_id: int, now: datetime) -> None:
    found = db.get_one(ReportLetter, letter_id)
    found.state, found.ended_at, found.trouble = "sent", now, None


def not_sent(db: Session, letter_id: int, trouble: str, now: datetime, *, hopeless: bool) -> None:
    """Tried again a few times, for some hours; then given up."""
    found = db.get_one(ReportLetter, letter_id)
    found.trouble = trouble
    if hopeless or found.tries >= TRIES:
        found.state, found.ended_at = "failed", now
    else:
        found.state, found.next_try_at = "waiting", now + WAITS[min(found.tries, len(WAITS)) - 1]
