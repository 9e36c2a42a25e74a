"""What an installation still lacks before callers can be helped: facts, which pages and commands say in their words."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from ivr.store import hotline, workers
from ivr.store.access import rules
from ivr.store.models import Channel, CommunityRow, NoticeRule, Staff

# In the order in which they are to be mended.
LACKS = ("worker", "helpers", "supervisor", "directory", "told", "hours")


def lacking(db: Session, now: datetime) -> Iterator[str]:
    """Which of ``LACKS`` hold: no worker gives a sign; nobody sees tickets; no supervisor; no community is known;
    nobody is told of anything; nobody has said when somebody is there."""
    roles = dict(
        db.execute(select(Staff.role, func.count()).where(Staff.disabled_at.is_(None)).group_by(Staff.role)).all()
    )
    known = select(CommunityRow.code).where(CommunityRow.retired_at.is_(None))
    used = or_(NoticeRule.first_id == Channel.id, NoticeRule.second_id == Channel.id)
    tells = select(Channel.id).join(NoticeRule, used).where(Channel.removed_at.is_(None))
    lacks = {
        "worker": not workers.alive(db, now),
        "helpers": not roles.keys() & rules.roles_with("see_ticket"),
        "supervisor": "supervisor" not in roles,
        "directory": not db.scalar(select(exists(known))),
        "told": not db.scalar(select(exists(tells))),
        "hours": hotline.DEFAULT in hotline.settings(db).hours,
    }
    return (each for each in LACKS if lacks[each])


def nobody_is_told(db: Session, now: datetime) -> bool:
    """Whether a new ticket rings nowhere but on pages that are open."""
    return "told" in lacking(db, now)
