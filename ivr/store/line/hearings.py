"""How often a bulletin was heard: in how many calls it was said, whether they cut it short or not."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.store.insert import insert_new
from ivr.store.models import BulletinHearing


def note(db: Session, bulletin: str, call_id: int) -> None:
    """The call hears it; again on a key is no second hearing."""
    insert_new(db, BulletinHearing, bulletin=bulletin, call_id=call_id)


def counts(db: Session) -> Mapping[str, int]:
    """Calls by bulletin, of those that were heard at all."""
    found = select(BulletinHearing.bulletin, func.count().label("calls")).group_by(BulletinHearing.bulletin)
    return {each.bulletin: each.calls for each in db.execute(found)}
