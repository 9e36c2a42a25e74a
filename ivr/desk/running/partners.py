"""Partner lines: other centres that tickets are passed to and taken from, with their number, hours and what they do."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.running import duty, told
from ivr.desk.running.emergencies import NUMBER
from ivr.desk.running.saying import line_now
from ivr.desk.running.versions import overtaken, seen
from ivr.desk.shell.guard import allow, bp, me, now
from ivr.desk.shell.language import LANGUAGES
from ivr.desk.shell.line import the_line
from ivr.store.facts import line
from ivr.store.line import changes, partners
from ivr.store.line.changes import Overtaken
from ivr.store.models import LineChange
from prompts.checks import tidy
from routing import timetable
from routing.timetable import Unreadable

Page = Response | tuple[str, int]

BETWEEN_DIGITS = re.compile(r"[\s()-]")
MAX_NAME_CHARS, MAX_PURPOSE_CHARS = 40, 200


@dataclass(frozen=True, slots=True)
class Shown:
    """A partner on the page, its values in lines, and the change that made it so."""

    key: str
    partner: line.Partner
    lines: list[str]
    change: LineChange | None


@bp.get("/partners")
@allow("run_line")
def show_partners() -> str:
    with app.sessions.read() as db:
        found, known = changes.latest_of(db, line.Partner), partners.known(line_now(db).decided)
        every = [Shown(key, each, [*told.values(each)], found.get(key)) for key, each in known.items()]
        return render_template(
            "desk/running/partners.html",
            offered=[each for each in every if not each.partner.retired],
            retired=[each for each in every if each.partner.retired],
        )


@bp.get("/partners/one")
@allow("run_line")
def show_partner() -> Page:
    """One that is known, or a new one."""
    key = request.args.get("key", "")
    return _page(key, _values(_now(key)) if key else {})


@bp.post("/partners/one")
@allow("run_line")
def save_partner() -> Page:
    """Add it, change it, retire it or take it back."""
    known = request.form.get("known", "")
    partner, wrong = _read(known)
    if wrong:
        return _page(known, request.form.to_dict(), wrong)
    try:
        with app.sessions.begin() as db:
            changes.make(db, me(), partners.about(known or secrets.token_hex(8)), partner, now(), seen=seen())
    except Overtaken as quicker:
        return _page(known, request.form.to_dict(), conflict=overtaken(quicker))
    flash(_("Saved."))
    return redirect(url_for("desk.show_partners"))


def _read(known: str) -> tuple[line.Partner, dict[str, str]]:
    """The partner as it was typed, and why a field is wrong. To retire one changes nothing else of it."""
    before, wrong = _now(known) if known else None, dict[str, str]()
    if before and request.form.get("does") == "retire":
        return replace(before, retired=True), wrong
    names = {language: _text(f"name_{language}", MAX_NAME_CHARS) for language in LANGUAGES}
    wrong |= {f"name_{language}": _("Required.") for language, name in names.items() if not name}
    number = BETWEEN_DIGITS.sub("", request.form.get("number", ""))
    if not NUMBER.fullmatch(number):
        wrong["number"] = _("Digits alone, 3 to 15.")
    kept: dict[str, object] = {}
    try:
        kept = timetable.every_day(request.form.get("hours", "").strip())
    except Unreadable as fault:
        wrong["hours"] = duty.unreadable(fault)
    return line.Partner(names, number, kept, _text("purpose", MAX_PURPOSE_CHARS)), wrong


def _text(field: str, most: int) -> str:
    return tidy(request.form.get(field, ""))[:most]


def _now(key: str) -> line.Partner:
    """The partner as it is. Raises ``NotFound``."""
    if (partner := partners.known(the_line().decided).get(key)) is None:
        raise NotFound
    return partner


def _values(partner: line.Partner) -> dict[str, str]:
    """What stands in the form."""
    names = {f"name_{language}": name for language, name in partner.names.items()}
    return names | {"number": partner.number, "hours": timetable.of_a_day(partner.kept), "purpose": partner.purpose}


def _page(key: str, values: Mapping[str, str], wrong: Mapping[str, str] | None = None, conflict: str = "") -> Page:
    with app.sessions.read() as db:
        html = render_template(
            "desk/running/partner.html",
            key=key,
            partner=_now(key) if key else None,
            values=values,
            trouble=wrong or {},
            conflict=conflict,
            version=changes.version(db, partners.about(key)) if key else 0,
            named=LANGUAGES,
            versions=changes.history(db, partners.about(key)) if key else [],
            values_of=told.values,
        )
    return html, 422 if wrong else 409 if conflict else 200
