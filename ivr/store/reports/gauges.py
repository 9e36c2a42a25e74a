"""How much waits, goes on and has failed just now, over the whole hotline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.store.models import Call, CarrierCheck, Notice, Recording, Resealing, Ticket, Worker
from ivr.store.models.ticket import IS_WAITING

LATELY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Gauges:
    """``tickets``: waiting, by whether they are urgent. ``recordings``: expected, by trouble. ``heartbeat``: the last
    sign of any worker. ``checks``: when each carrier was last asked for its lists, and what was wrong.
    ``failed_notices``: of the last day. ``resealing``: whether there is more to seal under the newest key;
    ``unopened``: what that could not open.
    """

    open_calls: int
    tickets: Mapping[bool, int]
    recordings: Mapping[str, int]
    oldest_recording: datetime | None
    failed_notices: int
    heartbeat: datetime | None
    checks: Mapping[str, tuple[datetime, str | None]]
    resealing: bool
    unopened: int


def gauges(db: Session, now: datetime) -> Gauges:
    """A handful of questions, none of which looks at what is long done."""
    expected = Recording.state == "expected"
    trouble = func.coalesce(Recording.trouble, "none")
    failed = select(func.count()).select_from(Notice).where(Notice.state == "failed", Notice.ended_at > now - LATELY)
    sealing = db.get_one(Resealing, 1)
    return Gauges(
        open_calls=db.scalar(select(func.count()).select_from(Call).where(Call.ended_at.is_(None))) or 0,
        tickets=dict(db.execute(select(Ticket.urgent, func.count()).where(IS_WAITING).group_by(Ticket.urgent)).all()),
        recordings=dict(db.execute(select(trouble, func.count()).where(expected).group_by(trouble)).all()),
        oldest_recording=db.scalar(select(func.min(Recording.announced_at)).where(expected)),
        failed_notices=db.scalar(failed) or 0,
        heartbeat=db.scalar(select(func.max(Worker.seen_at))),
        checks={check.carrier: (check.asked_at, check.trouble) for check in db.scalars(select(CarrierCheck))},
        resealing=sealing.keys is not None and sealing.finished_at is None,
        unopened=sealing.troubles,
    )
