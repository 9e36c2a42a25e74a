"""What any page says of the line as it is now: that it is not ready yet; that calls are short; that a caller is on the
nuisance list."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import g

from ivr.app import app
from ivr.desk.shell.guard import bp, now
from ivr.line import Line
from ivr.store import hotline


@bp.app_context_processor
def banners() -> dict[str, Callable[..., Any]]:
    return {"surge_until": surge_until, "is_nuisance": is_nuisance, "is_live": is_live}


def is_live() -> bool:
    """Whether every step to going live is taken: at most one statement, once a minute."""
    return app.golive.is_complete(now())


def surge_until() -> datetime | None:
    """The end of the surge of this moment."""
    surge = _line().surge(now())
    return surge.ends_at if surge else None


def is_nuisance(phone_id: int | None) -> bool:
    return _line().is_nuisance(phone_id, now())


def _line() -> Line:
    """The line as it is when the page is made: one statement a page."""
    if "line" not in g:
        with app.sessions.read() as db:
            version = hotline.settings(db).line_version
        g.line = app.line.at(version)
    line: Line = g.line
    return line
