"""Forget jobs that were done long ago."""

from datetime import UTC, datetime, timedelta

from ivr.app import App

EVERY_S = 3600
KEPT = timedelta(days=30)  # longer than any job tries, so that none can be counted anew


def forget_done(app: App) -> None:
    """The queue keeps a row of every job it ever did; what matters of it stands in our own tables."""
    app.later.forget(datetime.now(UTC) - KEPT)
