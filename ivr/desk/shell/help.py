"""Help at the desk: the first five minutes, a message nobody understands, an emergency, whom to ask."""

from flask import render_template
from flask_babel import lazy_gettext as _l

from ivr.app import app
from ivr.desk.shell.guard import allow, bp
from ivr.store.access import rules
from routing import dial

# Who answers, by kind of emergency; where one number is for several, the first is named.
SERVICES = {"medical": _l("ambulance"), "fire": _l("fire brigade"), "police": _l("police")}


@bp.get("/help")
@allow("read_help")
def show_help() -> str:
    """For everybody who can log in. The emergency numbers are those that the line tells callers."""
    with app.sessions.read() as db:
        supervisors = rules.supervisors(db)
    numbers: dict[str, str] = {}
    for kind, number in dial.numbers(app.settings.hotline_region).items():
        if kind in SERVICES:
            numbers.setdefault(number, SERVICES[kind])
    return render_template("desk/shell/help.html", numbers=numbers, supervisors=supervisors)
