"""Every night: erase what has been kept as long as it should be, here and at the carrier."""

from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from ivr.app import App
from ivr.carrier.account import SIMULATOR, named
from ivr.carrier.errors import NotGiven
from ivr.store.keeping import night
from ivr.store.keeping.periods import Periods
from ivr.store.models import Call, Outgoing, Recording

log = structlog.get_logger()

EVERY_S = 3600
HOURS = range(2, 5)  # of the hotline's own time: few people ring then


def forget(app: App) -> None:
    """What the carrier does not take away tonight is asked for again tomorrow."""
    now = datetime.now(UTC)
    if now.astimezone(app.settings.zone).hour in HOURS:
        forget_now(app, now)


def forget_now(app: App, now: datetime) -> dict[str, int]:
    """At whatever hour; how much of each kind went."""
    gone = night.forget(app.sessions, app.audio, Periods(**app.settings.keep_days), now)
    gone["at_the_carrier"] = ask_the_carrier(app, now)
    if any(gone.values()):
        log.info("what was kept long enough is gone", **gone)
    return gone


def ask_the_carrier(app: App, now: datetime) -> int:
    """Have sounds and calls taken away there that are gone here; how many were."""
    with app.sessions.read() as db:
        sounds, calls = night.at_the_carrier(db)
        wanted: list[tuple[Recording | Call | Outgoing, str, str]] = [
            *((each, each.call.carrier, f"Recordings/{each.sid}.json") for each in sounds),
            *((each, each.carrier, f"Calls/{each.sid}.json") for each in calls),
        ]
    return sum(_gone(app, *each, now) for each in wanted)


def _gone(app: App, row: Recording | Call | Outgoing, carrier: str, resource: str, now: datetime) -> bool:
    account = named(carrier, app.carriers)
    if carrier != SIMULATOR and (account is None or not _tried(account.delete, resource)):
        return False  # the simulated carrier keeps nothing
    with app.sessions.begin() as db:
        db.merge(row).carrier_gone_at = now
    return True


def _tried(delete: Callable[[str], None], resource: str) -> bool:
    try:
        delete(resource)
    except NotGiven as error:
        log.warning("the carrier keeps what we have erased", error=str(error))
        return False
    return True
