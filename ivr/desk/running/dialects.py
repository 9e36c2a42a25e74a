"""Dialects: languages that the line speaks as far as somebody has recorded them, made at the desk without any file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.running.saying import line_now
from ivr.desk.running.versions import overtaken, seen
from ivr.desk.shell.guard import allow, bp, me, now
from ivr.line import Line
from ivr.store.facts import line
from ivr.store.line import changes
from ivr.store.line.changes import About, Overtaken
from prompts import Pack
from prompts.recordable import is_made
from routing.needs import NEWS_DIGIT, STAFF_DIGIT

Page = Response | tuple[str, int]

CODE = re.compile(r"[a-z]{2,12}")
DIGITS = "56789"  # what is below means something at every question
MAX_NAME_CHARS = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A dialect on the page: of how many sentences it has how many."""

    pack: Pack
    base: str
    version: int
    made: int
    sentences: int


@bp.get("/prompts/dialects")
@allow("run_line")
def show_dialects() -> Page:
    return _page({"base": app.settings.hotline_language})


@bp.post("/prompts/dialects")
@allow("run_line")
def save_dialect() -> Page:
    """A new one, or one that is offered to callers, or is not any more."""
    try:
        with app.sessions.begin() as db:
            changes.hold(db)  # so that no key comes to mean two things
            code, dialect, wrong = _read(line_now(db))
            if not wrong:
                changes.make(db, me(), About(line.Dialect, code), dialect, now(), seen=seen())
    except Overtaken as quicker:
        return _page({}, conflict=overtaken(quicker))
    if wrong:
        return _page(request.form.to_dict(), wrong)
    flash(_("Saved. It applies from the next call on."))
    return redirect(url_for("desk.show_dialects"))


def _read(made: Line) -> tuple[str, line.Dialect, dict[str, str]]:
    form = request.form
    wrong: dict[str, str] = {}
    base, name = form.get("base", ""), form.get("name", "").strip()
    code = form.get("code", "") if form.get("known") else f"{base}-{form.get('code', '').strip()}"
    known = made.decided.of(line.Dialect).get(code)
    if known and form.get("known"):
        return code, line.Dialect(known.name, known.base, known.digit, form.get("offered") == "1"), wrong
    if base not in made.shipped or made.shipped[base].base:
        wrong["base"] = _("Choose from the list.")
    if not CODE.fullmatch(form.get("code", "").strip()):
        wrong["code"] = _("Two to twelve small letters, such as ningbo.")
    elif code in made.spoken:
        wrong["code"] = _("There is one already.")
    if not name.isalpha() or len(name) > MAX_NAME_CHARS:
        wrong["name"] = _("Letters alone: callers ask for it by this word.")
    digit = form.get("digit", "")
    if digit not in list(_free(made)):
        wrong["digit"] = _("This key means something else already.")
    return code, line.Dialect(name, base, digit), wrong


def _free(made: Line) -> Iterator[str]:
    """Keys that mean nothing yet."""
    taken = {NEWS_DIGIT, STAFF_DIGIT, *made.needs.by_digit, *(pack.key for pack in made.spoken.values())}
    return (digit for digit in DIGITS if digit not in taken)


def _page(values: Mapping[str, str], wrong: dict[str, str] | None = None, conflict: str = "") -> Page:
    with app.sessions.read() as db:
        made = line_now(db)
        html = render_template(
            "desk/running/dialects.html",
            dialects=list(_shown(db, made)),
            bases={code: pack for code, pack in made.shipped.items() if not pack.base},
            digits=[(digit, digit) for digit in _free(made)],
            values=values,
            trouble=wrong or {},
            conflict=conflict,
        )
    return html, 422 if wrong else 409 if conflict else 200


def _shown(db: Session, made: Line) -> Iterator[Shown]:
    for code in made.decided.of(line.Dialect):
        if pack := made.packs.get(code):
            base = made.packs[pack.base or code].name
            count = sum(is_made(pack, key) for key in pack.say)
            yield Shown(pack, base, changes.version(db, About(line.Dialect, code)), count, len(pack.say))
