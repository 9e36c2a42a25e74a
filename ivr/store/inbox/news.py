"""Whether anything has changed: what an open page asks before it asks for more."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.store.models import Call, HistoryLine

MAX_LINES = 100


def anything_new(db: Session) -> tuple[Any, ...]:
    """Changes with every history line and every call that ends, whoever may see them: one cheap question.

    The newest lines are added up, because a line may be committed after one of a higher id.
    """
    newest = select(HistoryLine.id).order_by(HistoryLine.id.desc()).limit(MAX_LINES).subquery()
    ended = select(func.max(Call.ended_at)).scalar_subquery()
    return tuple(db.execute(select(func.max(newest.c.id), func.sum(newest.c.id), ended)).one())
