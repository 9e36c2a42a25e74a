"""Putting right what the line understood: the need and the community, with suggestions while somebody types."""

from flask import jsonify, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.shell import places
from ivr.desk.shell.forms import given
from ivr.desk.shell.guard import ID, allow, bp, me, now
from ivr.desk.shell.line import the_line
from ivr.desk.work.ticket import Page, act
from ivr.store.directory import communities, lookup
from ivr.store.tickets import correcting


@bp.post(f"/tickets/<{ID}:ticket_id>/need")
@allow("correct")
def correct_need(ticket_id: int) -> Page:
    (need,) = given("need")
    offered = the_line().needs.by_key
    return act(
        ticket_id,
        "need",
        lambda db: correcting.correct_need(db, me(), ticket_id, need, now(), offered=offered),
        _("Corrected."),
    )


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
