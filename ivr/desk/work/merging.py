"""Merging two tickets of one matter, and splitting a call off that is about another."""

from flask import request
from flask_babel import gettext as _

from ivr.desk.shell.forms import given
from ivr.desk.shell.guard import ID, allow, bp, id_in, me, now
from ivr.desk.work.ticket import Page, act
from ivr.store.tickets import merging
from ivr.store.tickets.verbs import BadValue


@bp.post(f"/tickets/<{ID}:ticket_id>/merge")
@allow("gather")
def merge(ticket_id: int) -> Page:
    """Into the ticket of that number; tickets of two callers only when the box is ticked."""
    (number,) = given("number")
    sure = request.form.get("sure") == "yes"
    return act(
        ticket_id,
        "merge",
        lambda db: merging.merge(db, me(), ticket_id, number, now(), sure=sure),
        _("Merged. This is the combined ticket."),
    )


@bp.post(f"/tickets/<{ID}:ticket_id>/split")
@allow("gather")
def split(ticket_id: int) -> Page:
    (text,) = given("call")
    if (call := id_in(text)) is None:
        raise BadValue("call")
    return act(
        ticket_id,
        "split",
        lambda db: merging.split(db, me(), ticket_id, call, now()),
        _("Split off. This is the new ticket."),
    )
