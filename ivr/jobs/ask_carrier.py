"""Have the carrier's lists compared with ours, at start and every ten minutes."""

import time

from ivr.app import App

EVERY_S = 600


def ask_carrier(app: App) -> None:
    """As a job of its own: a slow carrier holds up no other round. Of workers that start together one asks."""
    with app.sessions.begin() as db:
        app.later.enqueue(db, "reconcile", int(time.time() // 60))
