"""The audit's page: one's own lines, or everybody's for those who read it."""

from flask import render_template, request

from ivr.app import app
from ivr.desk.guard import MAX_ID, allow, bp, me
from ivr.store import audit


@bp.get("/audit")
@allow("see_audit")
def show_audit() -> str:
    before = request.args.get("before", type=int)
    with app.sessions.read() as db:
        lines, more = audit.page(db, me(), before if before and before <= MAX_ID else None)
        return render_template("desk/audit.html", lines=lines, more=more)
