"""The day's report: two sheets of paper, and the same as a workbook."""

from datetime import timedelta

from flask import render_template, request, send_file
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.log import days
from ivr.desk.shell.guard import allow, bp, me, now
from ivr.desk.shell.language import pack
from ivr.sheets.files import KINDS
from ivr.store.access import rules
from ivr.store.figures import board
from ivr.store.figures.period import Period
from ivr.words import figures as words

MAX_SHOWN = 12  # communities and corrections on a sheet; the workbook has them all


@bp.get("/report")
@allow("see_figures")
def show_report() -> str:
    """Yesterday's, unless the address names a day."""
    period = _day()
    with app.sessions.read() as db:
        made = board.board(db, app.asked(me(), period, now()), period)
        return render_template(
            "desk/figures/report.html",
            board=made,
            day=app.day(made, pack().language),
            hotline=app.settings.hotline_name or pack().hotline,
            reads=rules.may(me(), "see_calls"),
            words=words,
            most=MAX_SHOWN,
        )


@bp.get("/report.xlsx")
@allow("see_calls")
def report_workbook() -> Response:
    period = _day()
    with app.sessions.read() as db:
        made = app.day(board.board(db, app.asked(me(), period, now()), period), pack().language).workbook()
    return send_file(made, KINDS["xlsx"], as_attachment=True, download_name=f"report-{period.first}.xlsx")


def _day() -> Period:
    chosen = days.read(request.args.get("day")) or days.today() - timedelta(days=1)
    return days.span(chosen, chosen)
