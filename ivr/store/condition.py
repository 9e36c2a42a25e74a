"""What an installation still lacks before callers can be helped: facts, which pages and commands say in their words."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from ivr.store import hotline, workers
from ivr.store.access import rules
from ivr.store.models import CarrierCheck, Channel, CommunityRow, NoticeRule, Recording, Staff

# In the order in which they are to be mended.
LACKS = ("worker", "carrier", "store", "helpers", "supervisor", "directory", "told", "hours")
PRESSING = frozenset({"worker", "carrier", "store"})  # what has failed, rather than not been set up


def lacking(db: Session, now: datetime) -> Iterator[str]:
    """Which of ``LACKS`` hold: no worker gives a sign; the carrier did not let us compare its lists with ours;
    recordings cannot be put where they are kept; nobody sees tickets; no supervisor; no community is known; nobody is
    told of anything; nobody has said when somebody is there."""
    roles = dict(
        db.execute(select(Staff.role, func.count()).where(Staff.disabled_at.is_(None)).group_by(Staff.role)).all()
    )
    known = select(CommunityRow.code).where(CommunityRow.retired_at.is_(None))
    used = or_(NoticeRule.first_id == Channel.id, NoticeRule.second_id == Channel.id)
    tells = select(Channel.id).join(NoticeRule, used).where(Channel.removed_at.is_(None))
    unkept = select(Recording.id).where(Recording.state == "expected", Recording.trouble == "storage")
    untold = select(CarrierCheck.carrier).where(CarrierCheck.trouble.is_not(None))
    asked = select(exists(known), exists(tells), exists(untold), exists(unkept))
    directory, told, carrier, store = db.execute(asked).one()
    lacks = {
        "worker": not workers.alive(db, now),
        "carrier": carrier,
        "store": store,
        "helpers": not roles.keys() & rules.roles_with("see_ticket"),
        "supervisor": "supervisor" not in roles,
        "directory": not directory,
        "told": not told,
        "hours": hotline.DEFAULT in hotline.settings(db).hours,
    }
    return (each for each in LACKS if lacks[each])
