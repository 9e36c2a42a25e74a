"""Seal what lies in the clear or under an older key, as soon as HOTLINE_KEYS says so."""

import time
from datetime import UTC, datetime

from ivr.app import App
from ivr.store.keeping import resealing

EVERY_S = 10
AT_ONCE_S = 2  # the worker's other rounds wait as long
PAUSE_S = 0.05  # calls write between two batches


def reseal(app: App) -> None:
    """Go on where the last round stopped; when all is sealed, this is one look."""
    until = time.monotonic() + AT_ONCE_S
    while time.monotonic() < until and resealing.go_on(app.sessions, app.audio, app.keys, datetime.now(UTC)):
        time.sleep(PAUSE_S)
