"""Keys to seal with, and an application that gets them."""

import base64
import hashlib

from ivr.app import App
from ivr.store.models import sealed
from ivr.store.sealing import keyring

# The same in every process of a run: they stand in the names of tests.
NEW, OLD, FOREIGN = (
    base64.urlsafe_b64encode(hashlib.sha256(name).digest()).decode().rstrip("=")
    for name in (b"new", b"old", b"foreign")
)


def give(app: App, *keys: str) -> None:
    """As if it had been started with these in HOTLINE_KEYS."""
    app.keys = app.audio.keys = app.spool.keys = keyring(keys)
    sealed.use(app.sessions.engine.dialect, app.keys)
