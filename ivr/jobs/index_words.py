"""Index the words of what was written before there was an index: history lines, cards and communities."""

import time
from datetime import UTC, datetime

from ivr.app import App
from ivr.store.derived import places, words

EVERY_S = 10
AT_ONCE_S = 2  # the worker's other rounds wait as long
PAUSE_S = 0.05  # calls write between two batches


def index_words(app: App) -> None:
    """Go on where the last round stopped; when all is indexed, this is one look."""
    until = time.monotonic() + AT_ONCE_S
    more = True
    while more and time.monotonic() < until:
        with app.sessions.begin() as db:
            more = places.catch_up(db) or words.catch_up_cards(db) or words.catch_up(db, datetime.now(UTC))
        time.sleep(PAUSE_S if more else 0)
