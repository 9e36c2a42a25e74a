"""Ring residents some hours after they were helped, and ask whether it was right."""

from datetime import UTC, datetime

from ivr.app import App
from ivr.store.outgoing import closings

EVERY_S = 60


def ask_after(app: App) -> None:
    """One transaction for each matter; whoever is called meanwhile by somebody else is left for the next time."""
    policy, now = app.closing, datetime.now(UTC)
    if policy is None:
        return
    with app.sessions.read() as db:
        due = closings.due(db, policy, app.terms, now)
    for ticket_id in due:
        with app.sessions.begin() as db:
            closings.call(db, app.later, ticket_id, policy, app.terms, now)
