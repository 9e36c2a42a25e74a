"""Everything about one number, shown or erased. The number travels in forms alone, never in an address."""

import json
from datetime import datetime
from io import BytesIO

from flask import make_response, render_template, request, send_file
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.shell.forms import given
from ivr.desk.shell.guard import allow, bp, me, now
from ivr.desk.shell.numbers import names_number, why_not
from ivr.desk.work import card
from ivr.desk.work import history as told
from ivr.store.keeping import person
from ivr.store.models import AuditLine
from routing.phone_numbers import caller_id

Page = Response | tuple[str, int]

MIN_REASON, MAX_REASON = 2, 200  # characters
TAIL_DIGITS = 4


@bp.get("/number")
@allow("see_person")
def ask_number() -> Page:
    return _form({})


@bp.post("/number")
@allow("see_person")
def show_number() -> Page:
    """All that is held, as a page; or as a file, for whoever asked what we know of them."""
    e164, reason, trouble = _read()
    if trouble:
        return _form(trouble)
    try:
        with app.sessions.read() as db:
            found = person.held(db, e164, me())
            answer = _file(person.told(db, found)) if request.form.get("as") == "file" else _page(db, found, reason)
    except person.Unknown:
        return _form({"number": _("Nothing is held about this number.")})
    with app.sessions.begin() as db:
        person.note_shown(db, found, me(), now(), reason)
    return answer


def _page(db: Session, found: person.Held, reason: str) -> Response:
    histories = {ticket.id: told.tell(db, ticket.history) for ticket in found.tickets}
    return make_response(
        render_template("desk/work/number.html", found=found, histories=histories, reason=reason, labels=card.LABELS)
    )


@bp.post("/number/erase")
@allow("see_person")
def confirm_erasure() -> Page:
    """What would go, and the question whether it shall: nothing is erased yet."""
    e164, reason, trouble = _read()
    return _form(trouble) if trouble else _confirm(e164, reason)


@bp.post("/number/erased")
@allow("see_person")
def erase_number() -> Page:
    """It is done, and the certificate shown, when the last digits were typed once more."""
    e164, reason, trouble = _read()
    if trouble:
        return _form(trouble)
    if request.form.get("tail", "").strip() != e164[-TAIL_DIGITS:]:
        return _confirm(e164, reason, _("These are not the last digits of the number."))
    try:
        with app.sessions.begin() as db:
            erased = person.erase(db, app.audio, e164, me(), now(), reason)
            app.later.enqueue(db, "erase_at_carrier", int(now().timestamp()))
    except person.Unknown:
        return _form({"number": _("Nothing is held about this number.")})
    except person.Kept:
        return _confirm(e164, reason)
    with app.sessions.read() as db:
        return _certificate(erased, person.last_erasure(db, me())), 200


def _certificate(erased: person.Erased, line: AuditLine) -> str:
    return render_template("desk/work/erased.html", erased=erased, line=line)


def _confirm(e164: str, reason: str, trouble: str = "") -> Page:
    try:
        with app.sessions.read() as db:
            found = person.held(db, e164, me())
            html = render_template(
                "desk/work/erase.html",
                found=found,
                kept=person.kept(db, found),
                reason=reason,
                trouble={"tail": trouble} if trouble else {},
                values={"tail": ""},
            )
    except person.Unknown:
        return _form({"number": _("Nothing is held about this number.")})
    return html, 422 if trouble else 200


def _read() -> tuple[str, str, dict[str, str]]:
    """The number, the reason, and what is wrong with them by field."""
    typed, reason = (text.strip() for text in given("number", "reason"))
    trouble = {}
    if wrong := why_not(typed):
        trouble["number"] = wrong
    if not MIN_REASON <= len(reason) <= MAX_REASON:
        trouble["reason"] = _("Say in a few words what it is for.")
    elif names_number(reason):  # it stays in the audit, which keeps nobody's
        trouble["reason"] = _("Write no telephone number here: the reason is kept, the number is not.")
    return caller_id(typed, app.home()) or "", reason, trouble


def _form(trouble: dict[str, str]) -> Page:
    values = {name: request.form.get(name, "") for name in ("number", "reason")}
    html = render_template("desk/work/ask_number.html", values=values, trouble=trouble)
    return html, 422 if trouble else 200


def _file(found: object) -> Response:
    written = json.dumps(found, ensure_ascii=False, indent=2).encode()
    name = f"held-{_stamp(now())}.json"
    return send_file(BytesIO(written), "application/json", as_attachment=True, download_name=name)


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(app.settings.zone):%Y-%m-%d-%H%M}"
