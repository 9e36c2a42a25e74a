"""More calls than can be asked everything: it begins by a switch or by the calls of an hour, and ends by itself."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.store.facts import line
from ivr.store.line import changes
from ivr.store.line.changes import About
from ivr.store.models import Call

ABOUT, RULE = About(line.Surge), About(line.SurgeRule)
HOUR = timedelta(hours=1)
LEFT = timedelta(minutes=10)  # a surge by itself goes on when it has no more than this left, and calls have not calmed
CALM = 0.75  # of the calls that began it: fewer end it, so that it does not begin and end at every call
HANDS_OFF = HOUR  # so long after a person ended it, it does not begin by itself


def current(db: Session) -> line.Surge | None:
    """The last one that nobody has ended, whether or not its time is over."""
    decided = changes.now_in_force(db, ABOUT)
    return decided if isinstance(decided, line.Surge) else None


def threshold(db: Session) -> int | None:
    """So many calls in an hour begin it; None: it does not begin by itself."""
    rule = changes.now_in_force(db, RULE)
    return rule.calls if isinstance(rule, line.SurgeRule) else None


def calls(db: Session, now: datetime) -> int:
    """How many began in the last hour."""
    lately = (Call.started_at > now - HOUR, Call.started_at <= now, Call.test.is_(False))
    return db.scalar(select(func.count()).select_from(Call).where(*lately)) or 0


def watch(db: Session, now: datetime) -> bool:
    """Begin, prolong or end it by what the calls are; whether anything was changed. Done again, it changes nothing."""
    surge, limit = current(db), threshold(db)
    if surge is None:
        busy = calls(db, now) if limit and not _ended_by_hand(db, now) else 0
        after = line.Surge(str(now), str(now + HOUR), busy) if limit and busy >= limit else None
    else:
        after = _goes_on(db, surge, limit, now)
    return changes.make(db, None, ABOUT, after, now) is not None


def _goes_on(db: Session, surge: line.Surge, limit: int | None, now: datetime) -> line.Surge | None:
    """What becomes of one that has begun; None: it is over."""
    if not surge.calls:
        return surge if now < surge.ends_at else None
    busy = calls(db, now)
    if limit is None or busy < limit * CALM:
        return None
    return surge if surge.ends_at - now > LEFT else line.Surge(surge.begins, str(now + HOUR), busy)


def _ended_by_hand(db: Session, now: datetime) -> bool:
    last = changes.latest(db, ABOUT)
    return last is not None and last.staff_id is not None and now - last.at < HANDS_OFF
