"""Find what got stuck of the calls that we place: never placed, or over without a word to us."""

from datetime import UTC, datetime

import structlog

from ivr.app import App
from ivr.carrier import listing
from ivr.carrier.account import named
from ivr.carrier.errors import NotGiven, NotReady
from ivr.jobs.reconcile import FINAL
from ivr.store.models import Outgoing, Transfer
from ivr.store.outbox import CALLS
from ivr.store.outgoing import course, placing, transfers
from routing.transfer import Party

log = structlog.get_logger()

EVERY_S = 20


def follow_calls(app: App) -> None:
    """What is derived from our own tables cannot be lost with a job, nor with a callback of the carrier's."""
    now = datetime.now(UTC)
    with app.sessions.read() as db:
        stuck, silent, legs = placing.forgotten(db, now), course.unsettled(db, now), transfers.unsettled(db, now)
    if stuck:
        cared_for = {ids[0] for ids in app.later.unfinished("place_call")}
        for outgoing_id in set(stuck) - cared_for:
            log.warning("a call was forgotten", call=outgoing_id)
            tried = app.later.tried("place_call", outgoing_id)
            with app.sessions.begin() as db:
                app.later.enqueue(db, "place_call", outgoing_id, tried, lane=CALLS)
    for row in silent:
        _ask(app, row, now)
    for transfer, party in legs:
        _ask_of_leg(app, transfer, party, now)


def _ask(app: App, row: Outgoing, now: datetime) -> None:
    """How it stands, as the carrier says; a call that it knows nothing of is over when none can last longer."""
    carrier, over = named(row.carrier, app.carriers), now - row.asked_at > course.LOST
    try:
        told = listing.call(carrier, row.sid or "") if carrier else None
        status = told.status if told is not None and told.status in FINAL else None
        over = over or status is not None
    except NotReady:
        over, status = True, None
    except NotGiven as error:
        log.warning("the carrier does not say how a call stands", call=row.id, trouble=error.trouble)
        status = None
    if not over:
        return
    with app.sessions.begin() as db:
        held = course.hold(db, row.id)
        if held and status:
            course.first_leg_ended(db, held, status, now)
        elif held:
            course.lost(db, held, now)
        transfers.left(db, app.later, row.sid or "", now)


def _ask_of_leg(app: App, row: Transfer, party: Party, now: datetime) -> None:
    """Whether this party is still on the line, as the carrier says."""
    carrier, sid = named(row.carrier, app.carriers), transfers.sid_of(row, party)
    try:
        told = listing.call(carrier, sid) if carrier and sid else None
    except NotGiven as error:
        log.warning("the carrier does not say how a leg stands", transfer=row.id, trouble=error.trouble)
        return
    if told and sid and told.status in FINAL:
        with app.sessions.begin() as db:
            transfers.left(db, app.later, sid, now)
