"""Keeping what somebody types while they type it."""

import threading
import time
from collections import deque

from flask import abort

from ivr.app import app
from ivr.desk.shell.forms import given
from ivr.desk.shell.guard import ID, allow, bp, me, now
from ivr.store.tickets import drafts
from ivr.store.tickets.verbs import MAX_TEXT_CHARS

MAX_SAVES, WITHIN_S = 60, 60.0  # a page sends one every second and a half at most while somebody types


class Rate:
    """How often each person may be served. Kept in this process: it protects it, and nobody's rights."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.served: dict[int, deque[float]] = {}

    def allows(self, person: int) -> bool:
        moment = time.monotonic()
        with self.lock:
            times = self.served.setdefault(person, deque())
            while times and times[0] <= moment - WITHIN_S:
                times.popleft()
            if len(times) >= MAX_SAVES:
                return False
            times.append(moment)
            return True


rate = Rate()


@bp.post(f"/tickets/<{ID}:ticket_id>/drafts")
@allow("note")
def save_draft(ticket_id: int) -> tuple[str, int]:
    """204 once it is safe; the page keeps it itself until then."""
    field, text = given("field", "text")
    if not rate.allows(me().id):
        abort(429)
    if field not in drafts.FIELDS:
        abort(400)
    if len(text) > MAX_TEXT_CHARS:
        abort(413)
    with app.sessions.begin() as db:
        drafts.save(db, me(), ticket_id, field, text, now())
    return "", 204
