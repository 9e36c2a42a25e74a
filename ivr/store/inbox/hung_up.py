"""Who rang and hung up before saying anything: a call of which no ticket came."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, func, select, text
from sqlalchemy.orm import Session

from ivr.store.inbox.views import MAX_COUNTED, Reading
from ivr.store.models import Call, Ticket

SHOWN_FOR = timedelta(days=2)
MAX_CALLS = 300  # of these the latest at most: in an emergency there are thousands


@dataclass(frozen=True, slots=True)
class HungUp:
    """Somebody who rang and hung up before saying anything, ``times`` since ``SHOWN_FOR``, last at ``last_at``."""

    caller_id: int | None
    last_at: datetime
    times: int


def callers(db: Session, reading: Reading) -> list[HungUp]:
    """Who hung up before saying anything and did not ring again since, the latest first."""
    calls = query().order_by(text("last_at DESC")).limit(MAX_COUNTED)
    since = {"shown_since": reading.now - SHOWN_FOR}
    return [HungUp(row.caller_id, row.last_at, row.times) for row in db.execute(calls, since)]


def query() -> Select[Any]:
    """The latest calls without a ticket, one row a caller; those whose number was withheld one row a call."""
    latest = (
        select(Call.id, Call.caller_id, Call.started_at)
        .where(Call.ticket_id.is_(None), Call.ended_at.is_not(None), Call.started_at >= bindparam("shown_since"))
        .order_by(Call.started_at.desc())
        .limit(MAX_CALLS)
        .subquery()
    )
    caller, at = latest.c.caller_id, latest.c.started_at
    again = select(Ticket.id).where(Ticket.caller_id == caller, Ticket.opened_at >= at)
    return (
        select(caller, func.max(at).label("last_at"), func.count().label("times"))
        .where(~again.exists())
        .group_by(caller, func.coalesce(caller, -latest.c.id))
    )
