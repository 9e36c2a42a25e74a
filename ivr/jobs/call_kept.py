"""Call those who left the queue and kept their place, when it is their turn."""

from datetime import UTC, datetime

from ivr.app import App
from ivr.store.outgoing import kept

EVERY_S = 5


def call_kept(app: App) -> None:
    """One transaction for each place: whoever is rung for one of them is not free for the next."""
    now = datetime.now(UTC)
    with app.sessions.read() as db:
        if not kept.any_places(db, now):
            return
    with app.sessions.begin() as db:
        places = kept.places(db, now)
    for call_id in places:
        with app.sessions.begin() as db:
            kept.call(db, app.later, call_id, app.terms, now)
