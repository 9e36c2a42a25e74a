"""Let a surge begin and end by itself."""

from datetime import UTC, datetime

import structlog

from ivr.app import App
from ivr.store.line import surge

log = structlog.get_logger()

EVERY_S = 30


def watch_calls(app: App) -> None:
    with app.sessions.begin() as db:
        if surge.watch(db, datetime.now(UTC)):
            log.info("the surge changed by itself", on=surge.current(db) is not None)
