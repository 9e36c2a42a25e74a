"""A ticket's page, and what staff do there. A press that came too late gets the page as it is now, and why."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import abort, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session, defer, joinedload, selectinload
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk import history
from ivr.desk.guard import ID, allow, bp, me, now
from ivr.store import access, hotline, places, tickets
from ivr.store.models import Call, HistoryLine, Staff, Ticket, Turn
from routing import needs

Verb = Callable[[Session, Staff, int, str, datetime], Ticket]
Page = Response | tuple[str, int]


@bp.get(f"/tickets/<{ID}:ticket_id>")
@allow("see_ticket")
def show_ticket(ticket_id: int) -> Page:
    return page(ticket_id)


@bp.get(f"/tickets/<{ID}:ticket_id>/news")
@allow("see_ticket")
def ticket_news(ticket_id: int) -> Response:
    """Whether the open page is still true: 304, or 200 when something was added to the history."""
    with app.sessions.read() as db:
        etag = _version(access.ticket(db, me(), ticket_id))
    answer = make_response("", 304 if request.if_none_match.contains(etag) else 200)
    answer.set_etag(etag)
    return answer


@bp.post(f"/tickets/<{ID}:ticket_id>/claim")
@allow("claim")
def claim(ticket_id: int) -> Page:
    with app.sessions.begin() as db:
        tickets.claim(db, me(), ticket_id, now())
    return redirect(url_for("desk.show_ticket", ticket_id=ticket_id))


@bp.post(f"/tickets/<{ID}:ticket_id>/note")
@allow("note")
def note(ticket_id: int) -> Page:
    return _do(tickets.note, ticket_id, "note", _("Noted."))


@bp.post(f"/tickets/<{ID}:ticket_id>/resolve")
@allow("resolve")
def resolve(ticket_id: int) -> Page:
    return _do(tickets.resolve, ticket_id, "done", _("Resolved. Thank you."))


@bp.post(f"/tickets/<{ID}:ticket_id>/reopen")
@allow("reopen")
def reopen(ticket_id: int) -> Page:
    return _do(tickets.reopen, ticket_id, "why", _("Open again."))


@bp.post(f"/tickets/<{ID}:ticket_id>/need")
@allow("correct")
def correct_need(ticket_id: int) -> Page:
    return _do(tickets.correct_need, ticket_id, "need", _("Corrected."))


@bp.post(f"/tickets/<{ID}:ticket_id>/community")
@allow("correct")
def correct_community(ticket_id: int) -> Page:
    """Into the community of a button (its code), or of the search field (its name as it was suggested)."""
    return _do(tickets.correct_community, ticket_id, "community", _("Corrected."))


@bp.get("/communities")
@allow("correct", "see_call_counts")
def suggest_communities() -> Response:
    """Communities for the search field, while somebody types."""
    with app.sessions.read() as db:
        directory = app.matcher.at(hotline.settings(db).directory_version).directory
        return jsonify(places.suggest(db, directory, request.args.get("q", "")))


@bp.errorhandler(tickets.Overtaken)
def overtaken(error: tickets.Overtaken) -> Page:
    match error:
        case tickets.AlreadyClaimed(holder=holder):
            notice = _("%(name)s already has it.", name=holder)
        case tickets.NotOpen():
            notice = _("It has been resolved meanwhile.")
        case _:
            notice = _("It is open again already.")
    return page((request.view_args or {})["ticket_id"], 409, notice=notice)


@bp.errorhandler(tickets.BadValue)
def bad_value(error: tickets.BadValue) -> Page:
    texts = {
        "community": _("No community has this name. Choose one of the suggestions."),
        "need": _("There is no such need."),
    }
    too_much = _("Please write something, up to %(number)s characters.", number=tickets.MAX_TEXT_CHARS)
    trouble = {error.field: texts.get(error.field, too_much)}
    return page((request.view_args or {})["ticket_id"], 422, trouble=trouble)


def page(ticket_id: int, status: int = 200, *, notice: str = "", trouble: dict[str, str] | None = None) -> Page:
    """The ticket as it is now; with what stood in the way of the reader's last press, and what they had typed."""
    with app.sessions.read() as db:
        query = access.visible_tickets(me()).where(Ticket.id == ticket_id)
        ticket = db.scalars(query.options(*_everything())).one_or_none()
        if ticket is None:
            raise access.NotFound(f"ticket {ticket_id}")
        html = render_template(
            "desk/ticket.html",
            ticket=ticket,
            here=url_for("desk.show_ticket", ticket_id=ticket_id),
            history=history.tell(db, ticket),
            suggestions=_suggested(ticket),
            needs=needs.NEEDS,
            etag=_version(ticket),
            notice=notice,
            trouble=trouble or {},
            typed=request.form,
        )
    return html, status


def _do(verb: Verb, ticket_id: int, field: str, done: str) -> Page:
    """Let *verb* have what the form says, then show where it led: the inbox, when the ticket left our sight."""
    if field not in request.form:
        abort(400)
    with app.sessions.begin() as db:
        ticket = verb(db, me(), ticket_id, request.form[field], now())
        seen = access.sees(me(), ticket)
    flash(done)
    return redirect(url_for("desk.show_ticket", ticket_id=ticket_id) if seen else url_for("desk.show_inbox"))


def _everything() -> tuple[Any, ...]:
    return (
        joinedload(Ticket.caller),
        joinedload(Ticket.community),
        joinedload(Ticket.claimed_by),
        selectinload(Ticket.recordings),
        selectinload(Ticket.history).joinedload(HistoryLine.staff),
        selectinload(Ticket.calls).selectinload(Call.turns).options(defer(Turn.reply)),
    )


def _version(ticket: Ticket) -> str:
    return str(max((line.id for line in ticket.history), default=0))


def _suggested(ticket: Ticket) -> list[dict[str, Any]]:
    """Communities that the caller may have meant, best first: each is one press away."""
    found: dict[str, dict[str, Any]] = {}
    for call in ticket.calls:
        for turn in call.turns:
            for candidate in turn.understood.get("match", {}).get("candidates", ()):
                found.setdefault(candidate["code"], candidate)
    found.pop(ticket.community_code or "", None)
    return sorted(found.values(), key=lambda candidate: -candidate["score"])[:3]
