"""Take in what reached us while the database was away."""

from dataclasses import replace

import structlog

from ivr.app import App
from ivr.store.files.spool import Spooled, will_pass

EVERY_S = 10

log = structlog.get_logger()


def drain_spool(app: App) -> None:
    """Oldest first, a transaction each. Raises the database's error while it is still away.

    A turn is answered as if it had just come. Where what was said breaks the conversation, the request is taken in
    without its turn: the caller still becomes a ticket.
    """

    def take(spooled: Spooled) -> None:
        try:
            _take(app, spooled)
        except Exception as error:
            if will_pass(error) or spooled.turn is None:
                raise
            log.error("a spooled turn broke; its caller is taken in without it", exc_info=error)
            _take(app, replace(spooled, turn=None))

    app.spool.drain(take)


def _take(app: App, spooled: Spooled) -> None:
    with app.sessions.begin() as db:
        app.salvage(db, spooled)
