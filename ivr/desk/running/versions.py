"""Two people with one form: which version was on the page it was sent from, and what the second is told."""

from flask import abort, request
from flask_babel import gettext as _

from ivr.app import app
from ivr.desk.running import told
from ivr.desk.words import clock
from ivr.store.line import changes
from ivr.store.line.changes import Overtaken

LONGEST_ID = 19  # digits: more is no number of the database's


def seen() -> int:
    """The version that stood in the form; 400 when it is none of ours."""
    return version_seen("version")


def version_seen(field: str) -> int:
    """The same of another *field*, where a form is about two settings."""
    version = request.form.get(field, "")
    if not (version.isascii() and version.isdigit() and len(version) < LONGEST_ID):
        abort(400)
    return int(version)


def overtaken(quicker: Overtaken) -> str:
    """Who was quicker, and what they decided."""
    with app.sessions.read() as db:
        change = changes.latest(db, quicker.about)
    if change is None:
        return ""
    who = change.staff.name if change.staff else _("A command")
    decided = "; ".join(told.values(change.is_now)) or _("as it comes")
    return _(
        "%(who)s changed this at %(time)s: %(values)s. What you typed is below; save again to replace it.",
        who=who,
        time=clock(change.at),
        values=decided,
    )
