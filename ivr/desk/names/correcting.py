"""Putting right what the line understood: the need and the community, with suggestions while somebody types."""

from flask import jsonify, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.shell import places
from ivr.desk.shell.forms import given
from ivr.desk.shell.guard import ID, allow, bp, me, now
from ivr.desk.shell.line import due_at, the_line
from ivr.desk.work.ticket import Page, act
from ivr.store.directory import communities, lookup
from ivr.store.models import Ticket
from ivr.store.notices import due
from ivr.store.tickets import correcting


@bp.post(f"/tickets/<{ID}:ticket_id>/need")
@allow("correct")
def correct_need(ticket_id: int) -> Page:
    (need,) = given("need")
    needs = the_line().needs

    def correct(db: Session) -> Ticket:
        """What turns urgent is told at once."""
        by = due_at(db, need, urgent=True) if needs.is_urgent(need) else None
        ticket = correcting.correct_need(db, me(), ticket_id, need, now(), offered=needs.by_key, urgent_by=by)
        if by:
            due.write_due(db, app.later, app.settings.zone, now(), ticket.id)
        return ticket

    return act(ticket_id, "need", correct, _("Corrected."))


@bp.post(f"/tickets/<{ID}:ticket_id>/community")
@allow("correct")
def correct_community(ticket_id: int) -> Page:
    """Into the community of a button (its code), or of the search field (as it was suggested, or as people say it)."""
    (typed,) = given("community")
    return act(
        ticket_id,
        "community",
        lambda db: correcting.correct_community(db, me(), ticket_id, _meant(db, typed.strip()), now()),
        _("Corrected."),
    )


def _meant(db: Session, typed: str) -> str:
    """The code of the one community that was meant, or what was typed. Raises ``Ambiguous`` when it may be several."""
    meant = lookup.meant(db, places.matcher(db), typed)
    rows = [meant.row] if meant.row else meant.perhaps
    if len(rows) > 1:
        raise correcting.Ambiguous([communities.community(row) for row in rows])
    return rows[0].code if rows else typed


@bp.get("/communities")
@allow("find_community")
def suggest_communities() -> Response:
    """Communities for the search field, while somebody types."""
    with app.sessions.read() as db:
        return jsonify(lookup.suggest(db, places.matcher(db).directory, request.args.get("q", "")))
