"""Calling a resident back from their ticket, and saying what came of a talk."""

import re

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ivr.app import app
from ivr.desk.shell.forms import given
from ivr.desk.shell.guard import ID, allow, bp, me, now
from ivr.desk.words import clock
from ivr.desk.work.ticket import Page, again
from ivr.store.access import rules
from ivr.store.outgoing import callbacks, results, transfers
from ivr.store.outgoing.ordering import NotCalled
from ivr.store.tickets.verbs import perhaps_written

PRESS = re.compile(r"[0-9a-f]{32}")  # made with the page, so that a press that is sent twice is one
REASONS = {
    "no_number": _l("There is no number to call."),
    "foreign": _l("The hotline does not call this country. HOTLINE_CALLING_REGIONS says which it calls."),
    "premium": _l("This is a number that costs extra, and the hotline does not call such numbers."),
    "service": _l("This is no resident's number, and the hotline does not call it."),
    "on_the_line": _l("They are calling the hotline at this moment."),
    "being_called": _l("They are being called already."),
    "unproved": _l("You have no telephone that was proved to ring: a supervisor enters it in the roster."),
    "engaged": _l("Your telephone is ringing, or in a call."),
    "not_talking": _l("You are not talking with this resident at the moment."),
    "no_contact": _l("This community has no duty contact who can be rung now."),
    "no_line": _l("The hotline has no number to call from: an administrator must set HOTLINE_NUMBER."),
}


@bp.post(f"/tickets/<{ID}:ticket_id>/callback")
@allow("contact")
def call_back(ticket_id: int) -> Page:
    """One press rings the reader's own telephone, then the resident's."""
    (press,) = given("press")
    if not PRESS.fullmatch(press):
        abort(400)
    with app.sessions.begin() as db:
        callbacks.call_back(db, app.later, me(), ticket_id, f"press:{press}", app.terms, now())
    flash(_("Your telephone rings in a moment. Press 1 there to be connected."))
    return redirect(url_for("desk.show_ticket", ticket_id=ticket_id))


@bp.post(f"/tickets/<{ID}:ticket_id>/contact")
@allow("take_calls")
def bring_in(ticket_id: int) -> Page:
    """One press, in a talk with the resident: the duty contact is rung, and speaks with the reader first."""
    (press,) = given("press")
    if not PRESS.fullmatch(press):
        abort(400)
    with app.sessions.begin() as db:
        ticket, moment = rules.ticket(db, me(), ticket_id), now()
        contact = transfers.contact_of(db, app.line.line.duties, ticket, app.settings.zone, moment)
        transfers.ask(db, app.later, me(), ticket_id, contact is not None, f"press:{press}", moment)
    flash(_("The duty contact is being rung; the resident waits. Star: all together. Hanging up: the two go on."))
    return redirect(url_for("desk.show_ticket", ticket_id=ticket_id))


@bp.errorhandler(NotCalled)
def not_called(error: NotCalled) -> Page:
    if error.why == "hours" and error.until:
        said = _("Residents are called from %(time)s on; before that only if it is urgent.", time=clock(error.until))
    else:
        said = str(REASONS[error.why])
    return again(422, trouble={"callback": said})


@bp.post(f"/tickets/<{ID}:ticket_id>/result")
@allow("contact")
def say_result(ticket_id: int) -> Page:
    """What came of the reader's last talk about this ticket; said by a key meanwhile, it stays as it is."""
    (result,) = given("result")
    if result not in results.RESULTS:
        abort(400)
    with app.sessions.begin() as db:
        ticket = rules.ticket(db, me(), ticket_id)
        if not rules.may(me(), "contact", ticket):
            raise rules.Forbidden("contact", ticket=ticket_id)
        if talk := results.unsaid(db, me(), ticket, callbacks.newest(db, ticket.id), now()):
            words = perhaps_written(request.form.get("words", ""), "done")
            results.say(db, me(), talk, result, now(), words)
    flash(_("Thank you. It is noted."))
    return redirect(url_for("desk.show_ticket", ticket_id=ticket_id))
