"""Place one call at its carrier."""

from datetime import UTC, datetime

import structlog

from ivr.app import App
from ivr.carrier import placing as carriers
from ivr.carrier.account import named
from ivr.carrier.errors import NotGiven, Refused, Rejected
from ivr.carrier.placing import Wanted
from ivr.store.models import AUTOMATIC, Outgoing
from ivr.store.outgoing import placing

log = structlog.get_logger()

RING_S = 25  # Twilio adds about five


def place_call(app: App, outgoing_id: int, tries: int = 0) -> None:
    """One attempt; a failed one puts the next into the queue. ``tries`` only tells the jobs apart.

    A call that may have been placed, because its answer was lost, is looked for before it is asked for again.
    """
    with app.sessions.begin() as db:
        taken = placing.take(db, outgoing_id, datetime.now(UTC))
        wanted = taken and _wanted(app, taken[0])
    if taken is None or wanted is None:
        return
    row, in_doubt = taken
    try:
        sid = _place(app, row, wanted, in_doubt=in_doubt)
    except NotGiven as error:
        log.warning("a call was not placed", call=outgoing_id, trouble=error.trouble, reason=str(error))
        code = error.code if isinstance(error, Rejected) else None
        doubt = error.in_doubt or (in_doubt and not isinstance(error, Refused | Rejected))
        with app.sessions.begin() as db:
            now, trouble = datetime.now(UTC), error.trouble
            placing.not_placed(db, app.later, outgoing_id, now, trouble=trouble, code=code, in_doubt=doubt)
    else:
        with app.sessions.begin() as db:
            placing.placed(db, outgoing_id, sid)


def _place(app: App, row: Outgoing, wanted: Wanted, *, in_doubt: bool) -> str:
    """Its SID. Raises ``NotGiven``."""
    carrier = named(row.carrier, app.carriers)
    if carrier is None:
        raise Refused(f"there is no account at {row.carrier} any more")

    def known(sid: str) -> bool:
        with app.sessions.read() as db:
            return placing.is_known(db, sid)

    before = carriers.placed(carrier, wanted, row.asked_at, known) if in_doubt else None
    return before or carriers.place(carrier, wanted)


def _wanted(app: App, row: Outgoing) -> Wanted | None:
    """None: its numbers have been erased meanwhile."""
    base = f"{app.settings.base_url}/voice"
    if row.first is None:
        return None
    automatic = row.kind in AUTOMATIC
    return Wanted(
        to=row.first.e164,
        caller=row.caller.e164,
        url=f"{base}/{row.kind}/{row.id}",
        status_url=f"{base}/placed/{row.id}",
        fallback_url=f"{base}/{row.kind if automatic else 'placed'}/{row.id}/fallback",
        ring_s=RING_S,
        machine_url=f"{base}/{row.kind}/{row.id}/machine" if automatic and app.settings.hotline_detect_machines else "",
    )
