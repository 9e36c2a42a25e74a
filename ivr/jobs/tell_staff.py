"""Tell members of staff what concerns themselves: a pause of their ringing, a shift that moves."""

from datetime import UTC, datetime

import structlog
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.notify import NotSent
from ivr.notify.errors import Unknowable
from ivr.notify.message import personal
from ivr.store.notices import channels
from ivr.store.notices import personal as told

log = structlog.get_logger()

EVERY_S = 30


def tell_staff(app: App) -> None:
    """Derived from our own tables, and a transaction each: what the carrier does not take holds up nobody else."""
    now = datetime.now(UTC)
    with app.sessions.begin() as db:
        told.write_due(db, now)
        mine = told.take(db, now)
        sender = _sender(app, db) if mine else None
    for notice_id in mine:
        _tell(app, notice_id, sender, now)


def _tell(app: App, notice_id: int, sender: str | None, now: datetime) -> None:
    with app.sessions.begin() as db:
        begun = told.begin(db, notice_id, now)
        if begun is None:
            return
        notice, to, in_doubt = begun
        pack = app.packs.get(notice.staff.language or "") or app.packs[app.settings.hotline_language]
        message = personal(notice, pack, app.settings.base_url, app.settings.zone, now, in_doubt=in_doubt)
    try:
        app.notifier.text(sender or "", to, message)
    except NotSent as error:
        log.warning("a member of staff was not told", notice=notice_id, trouble=error.trouble)
        hopeless, in_doubt = isinstance(error, Unknowable), error.in_doubt
        with app.sessions.begin() as db:
            told.not_sent(db, notice_id, error.trouble, now, hopeless=hopeless, in_doubt=in_doubt)
    else:
        with app.sessions.begin() as db:
            told.sent(db, notice_id, now)


def _sender(app: App, db: Session) -> str | None:
    """Where texts come from: as the first channel of that kind has it, else the hotline's own number."""
    texts = (channels.opened(each, app.seal) for each in channels.in_service(db) if each.kind == "sms")
    ours = app.terms.numbers
    return next((values["sender"] for values in texts if values.get("sender")), ours[0] if ours else None)
