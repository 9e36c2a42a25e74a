"""Which tickets have nothing to listen to, though something was recorded: a fact kept for the inbox to find them by.

The flag *no_audio* is derived from a ticket's recordings. To ask it of every open ticket whenever somebody looks at
the inbox would cost the more the more there are, so this one answer is kept on the ticket: after every flush that
touched a recording, whoever did it.
"""

from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import Table, and_, bindparam, event, exists, inspect, update
from sqlalchemy.orm import Session

from ivr.store.models import Recording, Ticket

DECISIVE = ("state", "seconds", "ticket_id")


TICKETS, RECORDINGS = cast(Table, Ticket.__table__), cast(Table, Recording.__table__)
RECORDED = exists().where(RECORDINGS.c.ticket_id == TICKETS.c.id)
HEARD = RECORDED.where(RECORDINGS.c.state.in_(("expected", "fetched")), RECORDINGS.c.seconds > 0)
SILENT = (
    update(TICKETS).where(TICKETS.c.id.in_(bindparam("touched", expanding=True))).values(silent=and_(RECORDED, ~HEARD))
)


def keep_up(session: Session, _context: Any = None) -> None:
    """Set ``silent`` anew on the tickets whose recordings this flush changed."""
    touched: set[int] = set()
    for recording in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(recording, Recording):
            continue
        changes = {name: inspect(recording).attrs[name].history for name in DECISIVE}
        if recording in session.deleted or any(change.has_changes() for change in changes.values()):
            touched |= {recording.ticket_id, *(changes["ticket_id"].deleted or ())} - {None}
    if touched:
        renew(session, touched)


def renew(db: Session, tickets: Collection[int | None]) -> None:
    """Set ``silent`` anew on these tickets (by their ids): for who writes recordings without a flush."""
    db.execute(SILENT, {"touched": list(tickets)})


event.listen(Session, "after_flush", keep_up)
