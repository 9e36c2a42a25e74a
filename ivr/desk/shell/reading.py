"""Whose numbers and messages a page shows: each page and list is written down, once within some minutes."""

from flask import g, make_response, request
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.shell.error_pages import database_page
from ivr.desk.shell.guard import bp, me, now
from ivr.store.access import audit, rules
from ivr.store.facts.audit import Read
from ivr.store.models import Call, Ticket

SHOWS_WORDS = frozenset({"desk.show_ticket", "desk.ticket_news"})  # of its ticket, whether or not the number is whole


def number_shown(ticket: Ticket) -> str | None:
    """The caller's number as the reader may read it."""
    return _noted(rules.number_shown(me(), ticket), ticket)


def number_in_log(entry: Call | Ticket) -> str | None:
    """The same in the call log."""
    return _noted(rules.number_in_log(me(), entry), entry)


def _noted(number: str | None, of: Call | Ticket) -> str | None:
    if number and number.startswith("+"):
        g.setdefault("whole_numbers", set()).add((type(of), of.id))
    return number


@bp.after_request
def write_down(response: Response) -> Response:
    """What was read on this page, unless the same person has just read the same there. What cannot be written down is
    not shown."""
    whole: set[tuple[type[Call | Ticket], int]] = g.pop("whole_numbers", set())
    if request.endpoint in SHOWS_WORDS and request.view_args:
        whole.add((Ticket, request.view_args["ticket_id"]))
    if not whole or response.status_code != 200 or not current_user.is_authenticated:
        return response
    page = (request.endpoint or "").removeprefix("desk.")
    read = Read(page, *(sorted(id_ for kind, id_ in whole if kind is each) for each in (Ticket, Call)))
    try:
        with app.sessions.read() as db:
            known = audit.just_did(db, me(), read, now())
        if not known:
            with app.sessions.begin() as db:
                audit.append(db, me(), read, now())
    except SQLAlchemyError as error:
        return make_response(database_page(error))
    return response
