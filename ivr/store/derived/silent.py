"""Which tickets have nothing to listen to, though something was recorded: a fact kept for the inbox to find them by.

The flag *no_audio* is derived from a ticket's recordings. To ask it of every open ticket whenever somebody looks at
the inbox would cost the more the more there are, so this one answer is kept on the ticket: after every flush that
touched a recording, whoever did it.
"""

from typing import Any

from sqlalchemy import and_, event, exists, inspect, update
from sqlalchemy.orm import Session

from ivr.store.models import Recording, Ticket

DECISIVE = ("state", "seconds", "ticket_id")


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
        recorded = exists().where(Recording.ticket_id == Ticket.id)
        heard = recorded.where(Recording.state.in_(("expected", "fetched")), Recording.seconds > 0)
        silent = update(Ticket).where(Ticket.id.in_(touched)).values(silent=and_(recorded, ~heard))
        session.execute(silent, execution_options={"synchronize_session": False})


event.listen(Session, "after_flush", keep_up)
