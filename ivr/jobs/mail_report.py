"""Tell each morning how the day before went, to whom a rule names."""

from datetime import UTC, date, datetime

import structlog
from flask_babel import force_locale

from ivr.app import App
from ivr.notify import NotSent
from ivr.notify.errors import Unknowable
from ivr.notify.message import Message
from ivr.store.access import rules
from ivr.store.figures.board import board
from ivr.store.figures.period import Period
from ivr.store.models import Channel
from ivr.store.notices import letters
from prompts import Pack

log = structlog.get_logger()

EVERY_S = 60


def mail_report(app: App) -> None:
    """A transaction each: what one service does not take holds up no other letter."""
    now = datetime.now(UTC)
    with app.sessions.begin() as db:
        letters.write_due(db, app.settings.zone, now)
        mine = letters.take(db, now)
    for letter_id in mine:
        _send(app, letter_id, now)


def _send(app: App, letter_id: int, now: datetime) -> None:
    with app.sessions.read() as db:
        day, channel = letters.letter(db, letter_id)
    try:
        app.notifier.hand_over(channel, compose(app, day, channel, now))
    except NotSent as error:
        log.warning("report not sent", letter=letter_id, trouble=error.trouble)
        with app.sessions.begin() as db:
            letters.not_sent(db, letter_id, error.trouble, now, hopeless=isinstance(error, Unknowable))
    else:
        with app.sessions.begin() as db:
            letters.sent(db, letter_id, now)


def compose(app: App, day: date, channel: Channel, now: datetime) -> Message:
    """The main figures in the channel's language, and the whole report as a workbook."""
    pack: Pack = app.packs.get(channel.language) or app.packs[app.settings.hotline_language]
    period = Period(day, day, app.settings.zone)
    with app.app_context(), force_locale(pack.language), app.sessions.read() as db:
        made = board(db, app.asked(rules.hotline_itself(), period, now), period)
        told = app.day(made, pack.language)
        with told.workbook() as file:
            files = {f"report-{day}.xlsx": file.read()}
        title = f"{app.settings.hotline_name or pack.hotline} · {told.title()}"
        lines = tuple(told.letter())
    key = f"report-{day}-{channel.id}"
    link = f"{app.settings.base_url}/desk/report?day={day}"
    data = {"event": "report", "day": day.isoformat(), "figures": dict(made.counts)}
    return Message(key, title, lines, link, data, now, files=files)
