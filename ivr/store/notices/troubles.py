"""Notices that staff must know of: those given up, and those tried in vain so far."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from ivr.store.models import OPEN_STATUSES, UNSENT, Notice, Ticket

SHOWN_FAILED = timedelta(days=7)


def any_in_trouble(db: Session, now: datetime) -> bool:
    """Whether there is something that ``in_trouble`` would show."""
    return db.scalars(_troubled(now).with_only_columns(Notice.id).limit(1)).first() is not None


def in_trouble(db: Session, now: datetime) -> Sequence[Notice]:
    """What staff must know of: given up, or not sent yet though tried; of open tickets, the newest first."""
    newest = _troubled(now).order_by(Notice.id.desc()).limit(50)
    return db.scalars(newest.options(joinedload(Notice.channel), joinedload(Notice.ticket))).all()


def _troubled(now: datetime) -> Select[Notice]:
    return (
        select(Notice)
        .join(Notice.ticket)
        .where(
            Notice.state.in_(("failed", *UNSENT)),
            Notice.trouble.is_not(None),
            Ticket.status.in_(OPEN_STATUSES),
            Notice.arisen_at > now - SHOWN_FAILED,
        )
    )
