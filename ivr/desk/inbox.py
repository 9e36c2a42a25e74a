"""The inbox: what waits, what is mine, what is done; it renews itself."""

import hashlib

from flask import make_response, render_template, request
from flask_babel import get_locale
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk import days
from ivr.desk.guard import allow, bp, me
from ivr.store import inbox


@bp.get("/")
@allow("see_inbox")
def show_inbox() -> str:
    with app.sessions.read() as db:
        etag = _etag(inbox.version(db, me(), days.begin(days.today())))
        return render_template(
            "desk/inbox.html", sections=inbox.sections(db, me(), days.begin(days.today())), etag=etag
        )


@bp.get("/inbox")
@allow("see_inbox")
def renew_inbox() -> Response:
    """The sections alone, for the open page: 304 while nothing in them has changed."""
    with app.sessions.read() as db:
        etag = _etag(inbox.version(db, me(), days.begin(days.today())))
        if request.if_none_match.contains(etag):
            answer = make_response("", 304)
        else:
            answer = make_response(
                render_template("desk/_sections.html", sections=inbox.sections(db, me(), days.begin(days.today())))
            )
    answer.set_etag(etag)
    return answer


def _etag(version: str) -> str:
    """Of what this person would see now: their inbox, today, in this language."""
    told = f"{me().id} {version} {days.today()} {get_locale()}"
    return hashlib.sha256(told.encode()).hexdigest()[:32]
