"""What a process does before it serves: everything that its first caller would otherwise wait for."""

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ivr.app import App
from ivr.store import hotline
from ivr.voice import twiml
from ivr.voice.urls import Urls
from routing.phone_numbers import caller_id

ANYBODY = "+8613800000001"
ANYTHING = "银杏社区"

log = structlog.get_logger()


def warm(app: App) -> None:
    """Load what sentences are understood with, the matcher, the tables of telephone numbers, and the pages.

    A process whose database is away serves all the same: it has apologies to say.
    """
    caller_id(ANYBODY, app.home())
    for pack in app.line.line.roots:
        app.line.line.reader(pack.language, app.settings.hotline_region)
    twiml.apology(app.packs, app.settings.hotline_language, Urls(app.settings.base_url))
    for page in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(page)
    try:
        with app.sessions.read() as db:
            row = hotline.settings(db)
    except SQLAlchemyError as error:
        log.warning("not_warm", error=type(error).__name__)
        return
    app.line.at(row.line_version)
    app.matcher.at(row.directory_version).match(ANYTHING)
    log.info("a web process is ready")
