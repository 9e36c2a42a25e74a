"""Confidential tickets: who sees one, that it is like any other again, and what a supervisor does in an emergency."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.shell.forms import given
from ivr.desk.shell.guard import ID, allow, bp, id_in, me, now
from ivr.desk.work.ticket import Page, act
from ivr.store.tickets import confidence
from ivr.store.tickets.verbs import MAX_TEXT_CHARS, BadValue


@bp.post(f"/tickets/<{ID}:ticket_id>/confidential")
@allow("keep_confidential")
def keep_confidential(ticket_id: int) -> Page:
    """For the people whose boxes were ticked, for oneself and for whoever has it."""
    people = [id_in(each) or 0 for each in request.form.getlist("readers")]
    return act(
        ticket_id,
        "confidential",
        lambda db: confidence.keep(db, me(), ticket_id, people, now()),
        _("Confidential: only the people named on it see this ticket now."),
    )


@bp.post(f"/tickets/<{ID}:ticket_id>/not-confidential")
@allow("keep_confidential")
def lift_confidence(ticket_id: int) -> Page:
    (why,) = given("lift_why")
    return act(
        ticket_id,
        "confidential",
        lambda db: confidence.lift(db, me(), ticket_id, why, now()),
        _("No longer confidential."),
        "lift_why",
    )


@bp.get("/confidential")
@allow("open_confidential")
def show_withheld() -> str:
    return _withheld()


@bp.post(f"/confidential/<{ID}:ticket_id>")
@allow("open_confidential")
def open_anyway(ticket_id: int) -> Response | tuple[str, int]:
    """In an emergency: with a reason, which stands in the ticket and in the audit."""
    (why,) = given("why")
    try:
        with app.sessions.begin() as db:
            confidence.open_anyway(db, me(), ticket_id, why, now())
    except BadValue:
        return _withheld(ticket_id, _("Please write why, at most %(number)s characters.", number=MAX_TEXT_CHARS)), 422
    flash(_("You are named on it now. The people named before see that you opened it, and why."))
    return redirect(url_for("desk.show_ticket", ticket_id=ticket_id))


def _withheld(at: int | None = None, trouble: str = "") -> str:
    """The page; with what was wrong *at* the form of a ticket."""
    with app.sessions.read() as db:
        tickets = confidence.withheld(db, me())
    return render_template("desk/work/withheld.html", tickets=tickets, at=at, trouble=trouble, typed=request.form)
