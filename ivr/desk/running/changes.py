"""Who changed the line, when, from what to what; and back again with one press."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.running import told
from ivr.desk.running.versions import overtaken, seen
from ivr.desk.shell.guard import ID, allow, bp, local_path, me, now
from ivr.store.facts.line import Setting
from ivr.store.line import changes
from ivr.store.line.changes import About, Overtaken
from ivr.store.models import MAX_ID, LineChange

Page = Response | tuple[str, int]


class Clash(Exception):
    """A change that would give a key two meanings; so it is not made."""

    def __init__(self, digit: str) -> None:
        super().__init__(digit)
        self.digit = digit


@dataclass(frozen=True, slots=True)
class Shown:
    """A change on the page; ``version`` is what its setting has now, None when this release does not know the kind."""

    change: LineChange
    name: str
    before: list[str]
    after: list[str]
    version: int | None


@bp.get("/changes")
@allow("run_line")
def show_changes() -> Page:
    return _page()


@bp.post(f"/changes/<{ID}:change_id>/back")
@allow("run_line")
def put_back(change_id: int) -> Page:
    try:
        with app.sessions.begin() as db:
            changes.put_back(db, me(), change_id, now(), seen=seen())
            if digit := app.line.would_be(db).clash:
                raise Clash(digit)
    except Overtaken as quicker:
        return _page(409, overtaken(quicker))
    except Clash as clash:
        trouble = _("Key %(digit)s would mean two things. Give one of them another key first.", digit=clash.digit)
        return _page(409, trouble)
    flash(_("Put back. It applies from the next call on."))
    return redirect(local_path(request.form.get("next")) or url_for("desk.show_changes"))


def _page(status: int = 200, notice: str = "") -> Page:
    before = request.args.get("before", type=int)
    with app.sessions.read() as db:
        found, more = changes.page(db, before=before if before and before <= MAX_ID else None)
        shown = [_shown(db, change) for change in found]
    return render_template("desk/running/changes.html", changes=shown, more=more, notice=notice), status


def _shown(db: Session, change: LineChange) -> Shown:
    kind = Setting.KINDS.get(change.kind)
    version = changes.version(db, About(kind, change.key)) if kind else None
    return Shown(change, told.name(change), [*told.values(change.was)], [*told.values(change.is_now)], version)
