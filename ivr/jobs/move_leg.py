"""Have the telephone of one party of a talk ask us what is next."""

from datetime import UTC, datetime

import structlog

from ivr.app import App
from ivr.carrier import moving
from ivr.carrier.account import named
from ivr.carrier.errors import NotGiven, Refused, Rejected
from ivr.store.outgoing import transfers
from ivr.store.outgoing.placing import TRIES, WAITS_S

log = structlog.get_logger()


def move_leg(app: App, transfer_id: int, place: int, at: int, tries: int = 0) -> None:
    """One attempt; a failed one puts the next into the queue. ``place``: of the party in ``transfers.PARTIES``; ``at``:
    the second at which it was wanted; like ``tries`` it only tells the jobs apart.
    """
    party = transfers.PARTIES[place]
    with app.sessions.begin() as db:
        row = transfers.hold(db, transfer_id)
        sid, name = (transfers.sid_of(row, party), row.carrier) if row else (None, "")
    if sid is None:
        return
    carrier = named(name, app.carriers)
    url = f"{app.settings.base_url}/voice/transfer/{transfer_id}/{party}/0"
    now = datetime.now(UTC)
    try:
        if carrier is None:
            raise Refused(f"there is no account at {name} any more")
        goes_on = moving.move(carrier, sid, url)
    except NotGiven as error:
        log.warning("a call was not moved", transfer=transfer_id, trouble=error.trouble, reason=str(error))
        with app.sessions.begin() as db:
            if row := transfers.hold(db, transfer_id):
                if isinstance(error, Refused | Rejected) or tries + 1 >= TRIES:
                    transfers.not_moved(db, row, now)
                else:
                    transfers.move(db, app.later, row, party, at, tries + 1, WAITS_S[tries])
    else:
        if not goes_on:
            with app.sessions.begin() as db:
                transfers.left(db, app.later, sid, now)
