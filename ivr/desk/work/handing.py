"""Handing a ticket on, and giving it back."""

from datetime import datetime, timedelta

from flask_babel import gettext as _

from ivr.desk.log import days
from ivr.desk.shell.forms import given
from ivr.desk.shell.guard import ID, allow, bp, id_in, me, now
from ivr.desk.work.ticket import Page, act
from ivr.store.tickets import handing
from ivr.store.tickets.verbs import BadValue

ANYBODY = "anybody"


@bp.post(f"/tickets/<{ID}:ticket_id>/hand")
@allow("hand")
def hand_on(ticket_id: int) -> Page:
    """To the person whose id was chosen, or to ``anybody``: whoever is free."""
    to, why, due = given("to", "hand_why", "due")
    to_id = None if to == ANYBODY else _id(to)
    due_at = _due_at(due)
    return act(
        ticket_id,
        "hand",
        lambda db: handing.hand_on(db, me(), ticket_id, to_id, why, due_at, now()),
        _("Handed over."),
        "hand_why",
    )


@bp.post(f"/tickets/<{ID}:ticket_id>/return")
@allow("hand")
def give_back(ticket_id: int) -> Page:
    (why,) = given("return_why")
    return act(
        ticket_id,
        "give_back",
        lambda db: handing.give_back(db, me(), ticket_id, why, now()),
        _("Returned."),
        "return_why",
    )


def _id(text: str) -> int:
    if (staff_id := id_in(text)) is None:
        raise BadValue("to")
    return staff_id


def _due_at(text: str) -> datetime:
    """Half an hour, two hours, or the end of this day: late in the evening still half an hour."""
    soon = now() + timedelta(minutes=30)
    match text:
        case "30":
            return soon
        case "120":
            return now() + timedelta(hours=2)
        case "today":
            return max(soon, days.begin(days.today() + timedelta(days=1)))
    raise BadValue("due")
