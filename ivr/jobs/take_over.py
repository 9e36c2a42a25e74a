"""Do what a dead worker had begun."""

from datetime import UTC, datetime

import structlog

from ivr.app import App
from ivr.store import workers

log = structlog.get_logger()

EVERY_S = 30


def take_over(app: App) -> None:
    """Put the jobs of workers that give no sign any more back into the queue.

    A worker that comes back under its own name finds its jobs by itself; this is for one that does not come back.
    """
    with app.sessions.read() as db:
        alive = workers.alive(db, datetime.now(UTC))
    for name in app.later.requeue_abandoned(alive):
        log.warning("a dead worker's job goes on", job=name)
