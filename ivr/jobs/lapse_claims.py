"""Offer again what somebody claimed and then left."""

from datetime import UTC, datetime

import structlog

from ivr.app import App
from ivr.store.tickets import lapsing

log = structlog.get_logger()

EVERY_S = 60


def lapse_claims(app: App) -> None:
    """A transaction each: a ticket that somebody works on at this moment does not hold up the others."""
    now = datetime.now(UTC)
    with app.sessions.read() as db:
        quiet = lapsing.candidates(db, now)
    for ticket_id in quiet:
        with app.sessions.begin() as db:
            if lapsing.lapse(db, ticket_id, now):
                log.info("a claim has lapsed", ticket=ticket_id)
