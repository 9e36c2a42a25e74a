"""Tell in time: what nobody has claimed, what is due soon or overdue, and whatever notice got stuck."""

from datetime import UTC, datetime

import structlog

from ivr.app import App
from ivr.store.access import swept
from ivr.store.notices import delivery, due

log = structlog.get_logger()

EVERY_S = 30


def escalate(app: App) -> None:
    """Derived from our own tables, so that nothing can be lost with a job, and nothing is told twice."""
    now = datetime.now(UTC)
    zone = app.settings.zone
    with app.sessions.read() as db:
        tickets = list(due.missing(db, zone, now))
    for ticket_id in tickets:
        with app.sessions.begin() as db:
            due.write_due(db, app.later, zone, now, ticket_id)
    with app.sessions.read() as db:
        stuck = delivery.forgotten(db, now)
    if not stuck:
        return
    cared_for = {ids[0] for ids in app.later.unfinished("send_notice")}
    for notice_id in set(stuck) - cared_for:
        log.warning("a notice was forgotten", notice=notice_id)
        tried = app.later.tried("send_notice", notice_id)
        with app.sessions.begin() as db:
            app.later.enqueue(db, "send_notice", notice_id, tried)
            swept.note(db, "notices", 1, now)
