"""A legal hold on a ticket, set and lifted."""

from flask import request
from flask_babel import gettext as _

from ivr.desk.shell.forms import given
from ivr.desk.shell.guard import ID, allow, bp, me, now
from ivr.desk.work.ticket import Page, act
from ivr.store.keeping import holds
from ivr.store.tickets.verbs import BadValue


@bp.post(f"/tickets/<{ID}:ticket_id>/hold")
@allow("hold")
def hold_ticket(ticket_id: int) -> Page:
    (why,) = given("hold_why")
    return act(
        ticket_id,
        "hold",
        lambda db: holds.keep(db, me(), ticket_id, why, now()),
        _("Kept: nothing of this ticket is erased until somebody lifts that."),
        "hold_why",
    )


@bp.post(f"/tickets/<{ID}:ticket_id>/unhold")
@allow("hold")
def lift_hold(ticket_id: int) -> Page:
    """When the box is ticked: the night after it may be gone."""
    if request.form.get("lift") != "yes":
        raise BadValue("lift")
    return act(
        ticket_id,
        "unhold",
        lambda db: holds.lift(db, me(), ticket_id, now()),
        _("No longer kept: it is erased when its time is over."),
    )
