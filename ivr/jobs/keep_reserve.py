"""Set some of the disk aside for the day on which it is full."""

from ivr.app import App

EVERY_S = 60


def keep_reserve(app: App) -> None:
    """Once more, when it was given back and there is room again."""
    app.spool.reserve.keep()
