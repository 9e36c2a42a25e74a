"""The figures' page, the wall's, what they mean, and the tickets behind a figure."""

from pathlib import Path

import chartkick
from flask import abort, render_template, request, send_file
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.figures import asking
from ivr.desk.log import days
from ivr.desk.shell.guard import ANYONE, allow, bp, id_in, me, now
from ivr.desk.shell.tables import sorting
from ivr.store.access import rules
from ivr.store.figures import board, lists
from ivr.store.figures.lists import Listed
from ivr.words import figures as words

Page = str | tuple[str, int]

CHARTS = Path(chartkick.__file__).parent / "django/static/chartkick/Chart.bundle.js"  # Chart.js with its licences
WALL_EVERY_S = 60


@bp.get("/figures")
@allow("see_figures")
def show_figures() -> Page:
    """How these days went, each figure with the way to its list."""
    chosen = asking.days_asked_for()
    with app.sessions.read() as db:
        html = render_template(
            "desk/figures/board.html",
            board=None if chosen.trouble else board.board(db, chosen.asked(), chosen.period),
            days=chosen,
            nearby=asking.nearby(),
            reads=rules.may(me(), "see_calls"),
            words=words,
        )
    return (html, 422) if chosen.trouble else html


@bp.get("/figures/wall")
@allow("see_figures")
def show_wall() -> Response:
    """Today for a television: it loads itself anew, and shows nobody's name."""
    period = days.span(days.today(), days.today())
    with app.sessions.read() as db:
        html = render_template("desk/figures/wall.html", board=board.board(db, app.asked(me(), period, now()), period))
    return Response(html, mimetype="text/html", headers={"Refresh": str(WALL_EVERY_S)})


@bp.get("/figures/meaning")
@allow("see_figures")
def show_meaning() -> str:
    return render_template("desk/figures/meaning.html", words=words)


@bp.get("/figures/tickets")
@allow("see_calls")
def list_tickets() -> Page:
    """The tickets that a figure counts."""
    chosen = asking.days_asked_for()
    listed = listed_in_address()
    by = sorting(lists.ORDERS, "opened")
    if chosen.trouble or request.args.get("order", by.order) != by.order:
        abort(404)
    with app.sessions.read() as db:
        found, more = lists.page(
            db, chosen.asked(), listed, by.order, newest=by.falling, after=id_in(request.args.get("after"))
        )
        return render_template(
            "desk/figures/tickets.html",
            tickets=found,
            more=more,
            kept_back=lists.kept_back(db, chosen.asked(), listed),
            listed=listed,
            days=chosen,
            sorting=by,
        )


def listed_in_address() -> Listed:
    """Which tickets this address asks for; 404 when there is no such list."""
    figure, typed = request.args.get("figure", "tickets"), request.args.get("person")
    person = id_in(typed)
    if not lists.known(figure) or (typed and person is None):
        abort(404)
    return Listed(figure, request.args.get("need") or None, request.args.get("community") or None, person)


@bp.get("/figures/chart.js")
@allow(ANYONE)
def chart_script() -> Response:
    """Chart.js as it lies in its package."""
    return send_file(CHARTS, mimetype="text/javascript", max_age=24 * 3600)
