"""A list of communities from a file: what it would change is shown first; every bad row is named."""

import hashlib
import re
import time
from pathlib import Path
from typing import NamedTuple

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.running.sheets import reason
from ivr.desk.shell.guard import allow, bp, me, now
from ivr.desk.shell.uploads import takes
from ivr.sheets.cells import Line
from ivr.sheets.files import KINDS, as_xlsx
from ivr.store.access import audit
from ivr.store.directory import communities, importing
from ivr.store.directory.importing import Plan, Taken
from ivr.store.facts.audit import DirectoryExported, DirectoryImported
from ivr.store.line import contacts
from routing.directory import Community
from routing.directory import contacts as lists
from routing.directory.contacts import COLUMNS, Contact, Contacts
from routing.directory.sheet import SheetError

Page = Response | tuple[str, int]

HEADS = ("code", "name", "street", "district", "aliases", "phone", "keypad", "dialled", *COLUMNS)
MAX_BYTES = 8 * 2**20
MAX_ROWS = 20_000  # at the desk; the written part takes some seconds. More by ``flask directory import``
SHOWN = 50  # of one kind
KEPT_S = 24 * 3600
DIGEST = re.compile(r"[0-9a-f]{64}")


class Planned(NamedTuple):
    """What a list would change."""

    communities: Plan
    contacts: Contacts


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
    planned, troubles = _planned(digest)
    if planned is None:
        return _page(troubles)
    if _size(planned) != request.form.get("size"):
        return _previewed(digest, _("The directory has changed meanwhile. Look again."))
    importing.carry_out(app.sessions, planned.communities)
    contacts.carry_out(app.sessions, me(), planned.contacts, now())
    change = planned.communities.difference
    deed = DirectoryImported(len(change.added), len(change.changed), len(change.retired))
    with app.sessions.begin() as db:
        audit.append(db, me(), deed, now())
    _file(digest).unlink(missing_ok=True)
    flash(_("Imported. Callers are understood by the new list from the next call on."))
    return redirect(url_for("desk.show_directory"))


@bp.post("/directory/list.xlsx")
@allow("run_line")
def download_list() -> Response:
    """The directory with its duty contacts, as a workbook that can be changed and imported."""
    with app.sessions.read() as db:
        directory, duty = communities.load(db), contacts.in_force(db)
    made = as_xlsx((_("Directory"), HEADS, (_line(each, duty.get(each.code)) for each in directory)))
    with app.sessions.begin() as db:
        audit.append(db, me(), DirectoryExported(len(directory)), now())
    return send_file(made, KINDS["xlsx"], as_attachment=True, download_name="directory.xlsx")


def _line(one: Community, duty: Contact | None) -> Line:
    own = (one.code, one.name, one.street, one.district, ";".join(one.aliases), one.phone, one.keypad, one.dialled)
    return (*own, duty.name, duty.number, duty.written_hours) if duty else own


def _previewed(digest: str, notice: str = "") -> Page:
    planned, troubles = _planned(digest)
    if planned is None:
        return _page(troubles)
    html = render_template(
        "desk/running/preview.html",
        change=planned.communities.difference,
        contacts=planned.contacts,
        names=planned.communities.after.by_code,
        size=_size(planned),
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


def _planned(digest: str) -> tuple[Planned | None, list[str]]:
    """What the list would change, or every reason why it is none."""
    try:
        listed, duty = lists.read(_file(digest), app.home())
    except SheetError as error:
        return None, [
            _("Row %(row)s: %(problem)s", row=each.row, problem=reason(each.problem)) for each in error.errors
        ]
    if len(listed) > MAX_ROWS:
        return None, [_("More than %(most)s rows: import them with flask directory import.", most=MAX_ROWS)]
    try:
        with app.sessions.read() as db:
            change = importing.plan(db, listed, now(), replace=_replaces())
            return Planned(change, contacts.plan(db, duty, replace=_replaces())), []
    except Taken as taken:
        told = _(
            "%(number)s belongs to %(name)s, which the file does not list.", number=taken.number, name=taken.owner.name
        )
        return None, [told]


def _size(planned: Planned) -> str:
    """By which the sender is told when the directory has changed since the preview."""
    return f"{len(planned.communities.difference.added)}+{len(planned.contacts)}"


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
