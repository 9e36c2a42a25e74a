"""Help at the desk: the first five minutes, a message nobody understands, an emergency, whom to ask."""

from flask import render_template
from flask_babel import lazy_gettext as _l

from ivr.app import app
from ivr.desk.shell.guard import allow, bp
from ivr.desk.shell.language import pack
from ivr.store.access import rules

# Who answers at an emergency number, where we know it; the numbers themselves are the pack's, see prompts/.
SERVICES = {"110": _l("police"), "119": _l("fire brigade"), "120": _l("ambulance")}


@bp.get("/help")
@allow("see_inbox", "see_call_counts")
def show_help() -> str:
    """For everybody who can log in. The emergency numbers are those that the line tells callers."""
    with app.sessions.read() as db:
        supervisors = rules.supervisors(db)
    numbers = {number: SERVICES.get(number, "") for number in pack().words.get("emergency", ())}
    return render_template("desk/shell/help.html", numbers=numbers, supervisors=supervisors)
