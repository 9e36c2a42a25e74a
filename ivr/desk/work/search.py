"""Searching for tickets. What is searched for never stands in an address: it may be a name or a number."""

from flask import redirect, render_template, request, session, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.shell.guard import allow, bp, id_in, me
from ivr.store.inbox import rows as row_data
from ivr.store.inbox import search
from ivr.store.tickets import passing

WAYS = {
    "number": _l("Ticket number"),
    "phone": _l("Phone number"),
    "community": _l("Community"),
    "name": _l("Caller's name"),
    "words": _l("Words in the history"),
}
KEPT = "search"  # in the reader's own cookie, until they log out


@bp.post("/search")
@allow("see_inbox")
def ask() -> Response:
    """Keep what is searched for, so that the list is there again when somebody comes back from a ticket."""
    session[KEPT] = request.form.get("text", "")[: search.MAX_CHARS]
    return redirect(url_for("desk.show_search"))


@bp.get("/search")
@allow("see_inbox")
def show_search() -> str:
    """The first of what is found in each way, or a page of one way."""
    text = session.get(KEPT, "")
    way = request.args.get("way")
    with app.sessions.read() as db:
        found = search.search(
            db,
            me(),
            text,
            app.home(),
            way if way in WAYS else None,
            id_in(request.args.get("before")),
        )
        tickets = row_data.tickets(db, list({hit.ticket_id for each in found for hit in each.hits}))
        return render_template(
            "desk/work/search.html",
            text=text,
            way=way if way in WAYS else None,
            found=found,
            labels=WAYS,
            tickets={ticket.id: ticket for ticket in tickets},
            cards=row_data.cards(db, [ticket.caller_id for ticket in tickets]),
            passed=passing.with_partners(db, tickets),
        )
