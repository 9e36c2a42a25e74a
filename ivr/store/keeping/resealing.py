"""Sealing in the background: what lies in the clear or under an older key, bit by bit, from where it was stopped."""

import hashlib
from datetime import datetime, timedelta

from ivr.store.files.audio import AudioStore
from ivr.store.keeping import sealed
from ivr.store.models import Resealing
from ivr.store.sealing import Keyring
from ivr.store.session import Sessions

AGAIN = timedelta(days=7)  # after the end, for what a host whose setting was older has written meanwhile
MESSAGES = "messages"  # the place of what lies in files


def go_on(sessions: Sessions, store: AudioStore, keys: Keyring, now: datetime) -> bool:
    """A batch of rows, or one message, in a transaction of its own; whether there is more.

    Raises what the store raises while it is away; the next time it is tried again.
    """
    if keys.newest is None:
        return False
    with sessions.begin() as db:
        run = db.get_one(Resealing, 1, with_for_update=True)
        if run.keys != (ids := _named(keys)) or (run.finished_at and run.finished_at < now - AGAIN):
            run.keys, run.place, run.after, run.troubles, run.finished_at = ids, "", None, 0, None
        if run.finished_at:
            return False
        places = {rows.table.name: rows for rows in sealed.tables()}
        order = [*places, MESSAGES]
        run.place = run.place or order[0]
        if run.place in places:
            files, run.after = sealed.some_rows(db, places[run.place], keys, run.after)
        else:
            files, run.after = sealed.next_message(db, store, run.after)
        run.troubles += sum(bool(file.trouble) for file in files)
        if run.after is None:
            following = order[order.index(run.place) + 1 :] if run.place in order else []
            run.place, run.finished_at = (following[0], None) if following else ("", now)
        return run.finished_at is None


def _named(keys: Keyring) -> str:
    """Whether they are the same again; one that comes back behind the others may open what none of them did."""
    return hashlib.sha256(" ".join(keys.ids).encode()).hexdigest()[:16]
