"""Ring residents whose call back did not come in time, and apologise."""

from datetime import UTC, datetime

from ivr.app import App
from ivr.store.outgoing import overdue

EVERY_S = 60


def apologise(app: App) -> None:
    """One transaction for each matter; whoever is called meanwhile by somebody else is left for the next time."""
    policy, now = app.overdue, datetime.now(UTC)
    if policy is None:
        return
    with app.sessions.read() as db:
        due = overdue.due(db, policy, app.terms, now)
    for ticket_id in due:
        with app.sessions.begin() as db:
            overdue.call(db, app.later, ticket_id, policy, app.terms, now)
