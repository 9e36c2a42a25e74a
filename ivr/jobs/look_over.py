"""Every night, and at first: look whether the database's file is whole."""

import time
from datetime import UTC, datetime

import structlog

from ivr.app import App
from ivr.jobs.forget import HOURS
from ivr.store import whole

log = structlog.get_logger()

EVERY_S = 600
RESTED_S = 6 * 3600  # longer than the night, so that there is one look in it, whichever worker takes it
SOON_S = 300  # several workers do not look one after the other


def look_over(app: App) -> None:
    """A file that was damaged is looked at again and again, so that a restored one is known to be whole."""
    if not app.settings.sqlite or not _is_due(app):
        return
    found = whole.look(app.sessions.engine, app.settings.data_dir)
    if found.is_whole:
        log.info("the database's file is whole")
    else:
        log.error("the database's file is damaged", verdict=found.verdict)


def _is_due(app: App) -> bool:
    last = whole.last(app.settings.data_dir)
    if last is None or not last.is_whole:
        return last is None or _age_s(last) > SOON_S
    night = datetime.now(UTC).astimezone(app.settings.zone).hour in HOURS
    return night and _age_s(last) > RESTED_S


def _age_s(last: whole.Look) -> float:
    return abs(time.time() - last.at_s)  # a clock that was put back asks for no more patience than one put forward
