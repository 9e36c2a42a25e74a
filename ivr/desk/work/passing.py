"""Passing a ticket to a partner line: to whom, by which reference they know it, and what came of it."""

from flask_babel import gettext as _

from ivr.desk.shell.forms import given
from ivr.desk.shell.guard import ID, allow, bp, me, now
from ivr.desk.shell.line import the_line
from ivr.desk.work.ticket import Page, act
from ivr.store.line import partners
from ivr.store.tickets import passing
from ivr.store.tickets.verbs import BadValue

CAME = {"answered": passing.answered, "back": passing.came_back}


@bp.post(f"/tickets/<{ID}:ticket_id>/partner")
@allow("pass_on")
def pass_on(ticket_id: int) -> Page:
    partner, text, reference = given("partner", "pass_note", "reference")
    offered = partners.offered(the_line().decided)
    return act(
        ticket_id,
        "pass_on",
        lambda db: passing.pass_on(db, me(), ticket_id, partner, text, reference, now(), offered=offered),
        _("Passed on. It stays open here until you say what came of it."),
        "pass_note",
    )


@bp.post(f"/tickets/<{ID}:ticket_id>/partner/reference")
@allow("pass_on")
def refer(ticket_id: int) -> Page:
    (reference,) = given("reference")
    return act(
        ticket_id, "refer", lambda db: passing.refer(db, me(), ticket_id, reference, now()), _("Reference saved.")
    )


@bp.post(f"/tickets/<{ID}:ticket_id>/partner/outcome")
@allow("pass_on")
def say_outcome(ticket_id: int) -> Page:
    """They answered, which resolves it; or it came back, and is anybody's again."""
    came, words = given("came", "partner_said")
    if (do := CAME.get(came)) is None:
        raise BadValue("came")
    done = _("Resolved. Thank you.") if came == "answered" else _("It came back: it waits for somebody to take it.")
    return act(ticket_id, "say_outcome", lambda db: do(db, me(), ticket_id, words, now()), done, "partner_said")
