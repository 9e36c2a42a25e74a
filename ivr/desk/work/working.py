"""Claim, note, try to reach, go there, resolve, close, reopen: what whoever has a ticket does with it."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ivr.app import app
from ivr.desk.shell.forms import FORM_OF, OF_THE_BOX, given, offered, said, seen
from ivr.desk.shell.guard import ID, allow, bp, me, now
from ivr.desk.shell.line import due_at
from ivr.desk.work import history
from ivr.desk.work.ticket import Page, act
from ivr.store.access import rules
from ivr.store.models import Ticket
from ivr.store.tickets import attempts, drafts, passing, work
from ivr.store.tickets import history as lines


@bp.post(f"/tickets/<{ID}:ticket_id>/claim")
@allow("claim")
def claim(ticket_id: int) -> Page:
    """Take it, and hear what changed since the page was loaded on which the key stood."""
    with app.sessions.begin() as db:
        line = seen()
        changes = history.tell(db, lines.since(db, ticket_id, line, me()) if line is not None else [])
        work.claim(db, me(), ticket_id, now())
    if changes:
        flash(_("Changed since you opened it: %(changes)s", changes="; ".join(told.what for told in changes)))
    return redirect(url_for("desk.show_ticket", ticket_id=ticket_id))


@bp.post(f"/tickets/<{ID}:ticket_id>/note")
@allow("note")
def note(ticket_id: int) -> Page:
    """Words of a form that has gone were offered as a note; sent as one, they are drafts no more."""
    (text,) = given("note")

    def keep(db: Session) -> Ticket:
        ticket = work.note(db, me(), ticket_id, text, now())
        passed = passing.current(lines.of(db, ticket)) is not None
        forms = offered(me(), ticket, now(), passed=passed)
        gone = [field for field, form in FORM_OF.items() if form not in forms]
        drafts.clear(db, me(), ticket_id, *gone, *OF_THE_BOX)
        return ticket

    return act(ticket_id, "note", keep, _("Note saved."), "note")


@bp.post(f"/tickets/<{ID}:ticket_id>/attempt")
@allow("contact")
def attempt(ticket_id: int) -> Page:
    (outcome,), (field, words) = given("outcome"), said("tried")
    return act(
        ticket_id,
        "attempt",
        lambda db: attempts.attempt(db, me(), ticket_id, outcome, words, now()),
        _("Call attempt logged."),
        field,
    )


@bp.post(f"/tickets/<{ID}:ticket_id>/way")
@allow("contact")
def on_the_way(ticket_id: int) -> Page:
    going = given("going")[0] == "yes"
    done = _("Marked as on the way.") if going else _("No longer marked as on the way.")
    return act(ticket_id, "on_the_way", lambda db: work.on_the_way(db, me(), ticket_id, going, now()), done)


@bp.post(f"/tickets/<{ID}:ticket_id>/resolve")
@allow("resolve")
def resolve(ticket_id: int) -> Page:
    field, done = said("done")
    result = request.form.get("result", "helped")
    return act(
        ticket_id,
        "resolve",
        lambda db: work.resolve(db, me(), ticket_id, done, now(), result=result),
        _("Resolved. Thank you."),
        field,
    )


@bp.post(f"/tickets/<{ID}:ticket_id>/close")
@allow("close")
def close(ticket_id: int) -> Page:
    (words,) = given("confirmed")
    return act(ticket_id, "close", lambda db: work.close(db, me(), ticket_id, words, now()), _("Closed."), "confirmed")


@bp.post(f"/tickets/<{ID}:ticket_id>/reopen")
@allow("reopen")
def reopen(ticket_id: int) -> Page:
    (why,) = given("why")

    def again(db: Session) -> Ticket:
        """With the promise that whoever asks for the same now is given."""
        ticket = rules.ticket(db, me(), ticket_id)
        by = due_at(db, ticket.need, urgent=ticket.urgent)
        return work.reopen(db, me(), ticket_id, why, now(), due_at=by)

    return act(ticket_id, "reopen", again, _("Reopened."), "why")
