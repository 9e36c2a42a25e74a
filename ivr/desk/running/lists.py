"""A list of communities from a file: what it would change is shown first; every bad row is named."""

import hashlib
import re
import time
from pathlib import Path

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.running.sheets import reason
from ivr.desk.shell.guard import allow, bp, me, now
from ivr.desk.shell.uploads import takes
from ivr.store.access import audit
from ivr.store.directory import importing
from ivr.store.directory.importing import Plan, Taken
from ivr.store.facts.audit import DirectoryImported
from routing.directory import Directory, listing
from routing.directory.sheet import SheetError

Page = Response | tuple[str, int]

MAX_BYTES = 8 * 2**20
MAX_ROWS = 20_000  # at the desk; the written part takes some seconds. More by ``flask directory import``
SHOWN = 50  # of one kind
KEPT_S = 24 * 3600
DIGEST = re.compile(r"[0-9a-f]{64}")


@bp.get("/directory/list")
@allow("run_line")
def choose_list() -> Page:
    return _page()


@bp.post("/directory/list")
@allow("run_line")
@takes(MAX_BYTES)
def preview_list() -> Page:
    """What the list would change; nothing does yet."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page([_("Choose a file.")])
    content = file.read()
    return _previewed(_keep(content))


@bp.post("/directory/list/take")
@allow("run_line")
def take_list() -> Page:
    """Do what the preview showed."""
    digest = request.form.get("list", "")
    if not DIGEST.fullmatch(digest) or not _file(digest).is_file():
        flash(_("The file is not kept any more. Choose it again."))
        return redirect(url_for("desk.choose_list"))
    listed, troubles = _read(digest)
    planned = None if listed is None else _planned(listed, troubles)
    if planned is None:
        return _page(troubles)
    if str(len(planned.difference.added)) != request.form.get("added"):
        return _previewed(digest, _("The directory has changed meanwhile. Look again."))
    importing.carry_out(app.sessions, planned)
    change = planned.difference
    deed = DirectoryImported(len(change.added), len(change.changed), len(change.retired))
    with app.sessions.begin() as db:
        audit.append(db, me(), deed, now())
    _file(digest).unlink(missing_ok=True)
    flash(_("Imported. Callers are understood by the new list from the next call on."))
    return redirect(url_for("desk.show_directory"))


def _previewed(digest: str, notice: str = "") -> Page:
    listed, troubles = _read(digest)
    planned = None if listed is None else _planned(listed, troubles)
    if planned is None:
        return _page(troubles)
    html = render_template(
        "desk/running/preview.html",
        change=planned.difference,
        most=SHOWN,
        digest=digest,
        replace=_replaces(),
        notice=notice,
    )
    return html, 200


def _page(troubles: list[str] | None = None) -> Page:
    more = max(0, len(troubles or ()) - SHOWN)
    html = render_template("desk/running/list.html", troubles=(troubles or [])[:SHOWN], more=more)
    return html, 422 if troubles else 200


def _replaces() -> bool:
    return request.form.get("replace") == "1"


def _read(digest: str) -> tuple[Directory | None, list[str]]:
    """The list, or every reason why it is none."""
    try:
        listed = listing.read(_file(digest), app.home())
    except SheetError as error:
        return None, [
            _("Row %(row)s: %(problem)s", row=each.row, problem=reason(each.problem)) for each in error.errors
        ]
    if len(listed) > MAX_ROWS:
        return None, [_("More than %(most)s rows: import them with flask directory import.", most=MAX_ROWS)]
    return listed, []


def _planned(listed: Directory, troubles: list[str]) -> Plan | None:
    try:
        with app.sessions.read() as db:
            return importing.plan(db, listed, now(), replace=_replaces())
    except Taken as taken:
        told = _(
            "%(number)s belongs to %(name)s, which the file does not list.", number=taken.number, name=taken.owner.name
        )
        troubles.append(told)
        return None


def _keep(content: bytes) -> str:
    """Keep the file until it is confirmed, for a day at most; its name is its content's hash."""
    digest = hashlib.sha256(content).hexdigest()
    path = _file(digest)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in path.parent.iterdir():
        if time.time() - old.stat().st_mtime > KEPT_S:
            old.unlink(missing_ok=True)
    path.write_bytes(content)
    return digest


def _file(digest: str) -> Path:
    if not DIGEST.fullmatch(digest):
        abort(400)
    return app.settings.data_dir / "lists" / digest
