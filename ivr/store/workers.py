"""Which workers are alive."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ivr.store.models import Worker

BEAT_S = 10
DEAD_AFTER = timedelta(seconds=60)


def beat(db: Session, executor_id: str, now: datetime) -> None:
    """This worker is alive."""
    db.merge(Worker(executor_id=executor_id, seen_at=now))


def leave(db: Session, executor_id: str) -> None:
    """This worker stops, and leaves nothing half done."""
    db.execute(delete(Worker).where(Worker.executor_id == executor_id))


def alive(db: Session, now: datetime) -> set[str]:
    """The executor ids of those that gave a sign lately."""
    return set(db.scalars(select(Worker.executor_id).where(Worker.seen_at > now - DEAD_AFTER)))
