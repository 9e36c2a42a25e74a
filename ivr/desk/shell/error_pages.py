"""What a person reads when something does not work: what it means and what to do, without any detail."""

from collections.abc import Sequence
from typing import Any

import structlog
from flask import Flask, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from ivr.app import app as application
from ivr.desk.shell.troubles import REMEDIES, TROUBLES
from ivr.desk.shell.uploads import takes_at_most
from ivr.store import readiness
from ivr.store.access import rules

log = structlog.get_logger()

Page = Response | tuple[str, int, list[tuple[str, str]]]

OURS = ("/desk", "/phone")
# Code: what happened, what to do.
TEXTS = {
    400: (_l("The form could not be read."), _l("Go back, reload the page and try again.")),
    401: (_l("You are not logged in."), _l("Log in, then try again.")),
    403: (_l("You do not have access to this page."), _l("Ask a supervisor if you need it for your work.")),
    404: (_l("Page not found."), _l("It may have moved to another community, or it never existed.")),
    405: (_l("This action is not available here."), _l("Go back and use the buttons on the page.")),
    410: (_l("This has been deleted."), _l("Recordings are deleted after their retention period.")),
    413: (_l("That was too much at once."), _l("Go back and send less.")),
    429: (_l("Too many attempts."), _l("Wait a minute, then try again.")),
    500: (_l("Something went wrong."), _l("Try again in a minute. Calls are still being answered.")),
    503: (
        _l("This recording cannot be opened."),
        _l("Its key is lost, or the file is damaged. Tell whoever runs the hotline; until then, call back and ask."),
    ),
}

# What goes wrong within the desk; else nothing is asked of the database for a page.
WITH_MENU = (403, 404, 405, 410, 503)
AGAIN_S = 60


def register(app: Flask) -> None:
    """Answer every error of a page with a page. Voice and API answer in their own way, by their own handlers."""
    for code in TEXTS:
        app.register_error_handler(code, error_page)
    app.register_error_handler(SQLAlchemyError, database_page)


def error_page(error: HTTPException) -> Page:
    if not is_page():
        return error.get_response()
    try:
        return _told(error)
    except SQLAlchemyError as failed:
        return database_page(failed)


def database_page(error: SQLAlchemyError) -> Page:
    """503 with the cause and what to do; a fault of ours is handed on. Who reads it is not asked of the database."""
    trouble = readiness.why(application.sessions.engine, error) if is_page() else None
    if trouble is None:
        raise error
    failed = type(error).__name__
    log.warning("no page without the database", endpoint=request.endpoint, trouble=trouble.kind, error=failed)
    page = render_template(
        "desk/shell/error.html",
        code=503,
        happened=TROUBLES[trouble.kind],
        remedy=REMEDIES[trouble.kind],
        sent=request.method == "POST",
        calls=True,
    )
    return page, 503, [("Retry-After", str(AGAIN_S))]


def is_page() -> bool:
    """Whether a person reads the answer."""
    return request.path == "/" or request.path.startswith(OURS)


def _told(error: HTTPException) -> Page:
    code = error.code or 500
    kept: list[tuple[str, Any]] = [pair for pair in error.get_headers() if pair[0] != "Content-Type"]
    happened, remedy = TEXTS.get(code, TEXTS[400])
    if code == 413 and (most := takes_at_most()):
        remedy = _("A file may have %(most)s MB at most here. Nothing was changed.", most=most >> 20)
    reader = code in WITH_MENU and current_user.is_authenticated
    whom = whom_to_ask() if code == 403 else ()
    page = render_template(
        "desk/shell/error.html", code=code, happened=happened, remedy=remedy, whom=whom, reader=reader
    )
    return page, code, kept


def whom_to_ask() -> Sequence[str]:
    """Supervisors by name, for colleagues; a stranger is told no names."""
    if not current_user.is_authenticated:
        return ()
    with application.sessions.read() as db:
        return rules.supervisors(db)
