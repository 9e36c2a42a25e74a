"""Do what a dead worker had begun."""

from datetime import UTC, datetime

import structlog

from ivr.app import App
from ivr.store import workers
from ivr.store.access import swept

log = structlog.get_logger()

EVERY_S = 30


def take_over(app: App) -> None:
    """Put the jobs of workers that give no sign any more back into the queue.

    A worker that comes back under its own name finds its jobs by itself; this is for one that does not come back.
    """
    now = datetime.now(UTC)
    with app.sessions.read() as db:
        alive = workers.alive(db, now)
    abandoned = app.later.requeue_abandoned(alive)
    for name in abandoned:
        log.warning("a dead worker's job goes on", job=name)
    if abandoned:
        with app.sessions.begin() as db:
            swept.note(db, "jobs", len(abandoned), now)
