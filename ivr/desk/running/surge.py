"""More calls than can be asked everything: the switch, the number of calls that throws it, and when it was on."""

from collections.abc import Mapping
from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.running import told
from ivr.desk.running.versions import overtaken, seen, version_seen
from ivr.desk.shell.guard import allow, bp, me, now
from ivr.store.facts import line
from ivr.store.line import changes, surge
from ivr.store.line.changes import Overtaken

Page = Response | tuple[str, int]

LENGTHS = {"1": _l("one hour"), "2": _l("two hours"), "4": _l("four hours"), "12": _l("twelve hours")}
FEWEST, MOST = 5, 10_000  # calls in an hour
SHOWN = 10  # of what happened lately


@bp.get("/surge")
@allow("run_line")
def show_surge() -> Page:
    return _page({})


@bp.post("/surge")
@allow("run_line")
def set_surge() -> Page:
    """Throw the switch, for so many hours; or end it before."""
    hours, after = request.form.get("length", ""), None
    if request.form.get("does") != "end":
        if hours not in LENGTHS:
            return _page(request.form.to_dict(), {"length": _("Choose from the list.")})
        after = line.Surge(str(now()), str(now() + timedelta(hours=int(hours))))
    try:
        with app.sessions.begin() as db:
            changes.make(db, me(), surge.ABOUT, after, now(), seen=seen())
    except Overtaken as quicker:
        return _page(request.form.to_dict(), conflict=overtaken(quicker))
    flash(_("Calls are short from the next one on.") if after else _("Calls are asked everything again."))
    return redirect(url_for("desk.show_surge"))


@bp.post("/surge/rule")
@allow("run_line")
def set_surge_rule() -> Page:
    """At so many calls in an hour it begins by itself; empty: never."""
    typed = request.form.get("calls", "").strip()
    after = None
    if typed:
        if not (typed.isascii() and typed.isdigit() and len(typed) < 9 and FEWEST <= int(typed) <= MOST):
            wrong = _("A number from %(fewest)s to %(most)s, or nothing.", fewest=FEWEST, most=MOST)
            return _page(request.form.to_dict(), {"calls": wrong})
        after = line.SurgeRule(int(typed))
    try:
        with app.sessions.begin() as db:
            changes.make(db, me(), surge.RULE, after, now(), seen=version_seen("rule_version"))
    except Overtaken as quicker:
        return _page(request.form.to_dict(), conflict=overtaken(quicker))
    flash(_("Saved."))
    return redirect(url_for("desk.show_surge"))


def _page(values: Mapping[str, str], wrong: dict[str, str] | None = None, conflict: str = "") -> Page:
    with app.sessions.read() as db:
        decided = surge.current(db)
        on = decided if decided and decided.holds(now()) else None
        html = render_template(
            "desk/running/surge.html",
            values={"length": "2", "calls": str(surge.threshold(db) or "")} | dict(values),
            trouble=wrong or {},
            conflict=conflict,
            version=changes.version(db, surge.ABOUT),
            rule_version=changes.version(db, surge.RULE),
            on=on,
            until=on.ends_at if on else None,
            last=changes.latest(db, surge.ABOUT),
            calls=surge.calls(db, now()),
            history=[(each, told.values(each.is_now)) for each in changes.history(db, surge.ABOUT, SHOWN)],
            lengths=list(LENGTHS.items()),
        )
    return html, 422 if wrong else 409 if conflict else 200
