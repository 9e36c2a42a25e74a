"""The line as it is when a page is made: one statement a page."""

from datetime import datetime

from flask import g
from sqlalchemy.orm import Session

from ivr.app import app
from ivr.desk.shell.guard import now
from ivr.line import Line
from ivr.store import hotline
from routing.hours import Hours, promise


def the_line() -> Line:
    if "line" not in g:
        g.line = app.line.now()
    line: Line = g.line
    return line


def due_at(db: Session, need: str | None, *, urgent: bool) -> datetime:
    """By when somebody with this need is called back who asks for it now."""
    needs, hours = the_line().needs, Hours.of(hotline.settings(db).hours)
    urgent = urgent or needs.is_urgent(need)
    return promise(needs.promise_min(need, urgent=urgent), hours, now(), app.settings.zone, urgent=urgent).due_at
