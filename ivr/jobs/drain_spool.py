"""Take in what reached us while the database was away."""

from ivr.app import App
from ivr.store.files.spool import Spooled

EVERY_S = 10


def drain_spool(app: App) -> None:
    """Oldest first, a transaction each. Raises the database's error while it is still away."""

    def take(spooled: Spooled) -> None:
        with app.sessions.begin() as db:
            app.salvage(db, spooled)

    app.spool.drain(take)
