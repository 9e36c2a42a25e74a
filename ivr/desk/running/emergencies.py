"""What tells of an emergency beside what the line knows by itself, and the number that callers are told to dial."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.running import told
from ivr.desk.running.own_words import listed, refused, written
from ivr.desk.running.saying import line_now
from ivr.desk.running.versions import overtaken, seen
from ivr.desk.shell.guard import allow, bp, me, now
from ivr.desk.shell.line import the_line
from ivr.line import Line
from ivr.store.facts import line
from ivr.store.line import changes
from ivr.store.line.changes import About, Overtaken
from routing import dial

Page = Response | tuple[str, int]

NUMBER = re.compile(r"\+?[0-9]{3,15}")
NOTHING = line.Emergency({})


@dataclass(frozen=True, slots=True)
class Shown:
    """A kind of emergency: its name on pages, the number that is dialled, the words that were added."""

    kind: str
    name: str
    number: str
    words: Sequence[str]


def shown(made: Line) -> Iterator[Shown]:
    """Every kind that the line understands."""
    decided, country = made.decided.of(line.Emergency), dial.numbers(app.settings.hotline_region)
    for kind in _kinds(made):
        own = decided.get(kind, NOTHING)
        words = [word for pack in made.roots for word in own.said.get(pack.language, ())]
        yield Shown(kind, told.emergency(kind), own.number or country.get(kind, ""), words)


@bp.get("/needs/emergency")
@allow("run_line")
def show_emergency() -> Page:
    """The kind that is named, or the first."""
    made = the_line()
    kinds = _kinds(made)
    if (kind := request.args.get("kind", kinds[0])) not in kinds:
        raise NotFound
    own = made.decided.of(line.Emergency).get(kind, NOTHING)
    words = {f"words_{language}": written(said) for language, said in own.said.items()}
    return _page(kind, words | {"number": own.number})


@bp.post("/needs/emergency")
@allow("run_line")
def save_emergency() -> Page:
    kind, made = request.form.get("kind", ""), the_line()
    if kind not in (kinds := _kinds(made)):
        return _page(kinds[0], request.form.to_dict(), {"kind": _("Choose from the list.")})
    after, wrong = _read(made, kind)
    if wrong:
        return _page(kind, request.form.to_dict(), wrong)
    try:
        with app.sessions.begin() as db:
            changes.make(db, me(), About(line.Emergency, kind), after, now(), seen=seen())
    except Overtaken as quicker:
        return _page(kind, request.form.to_dict(), conflict=overtaken(quicker))
    flash(_("Saved. It applies from the next call on."))
    return redirect(url_for("desk.show_needs"))


def _read(made: Line, kind: str) -> tuple[line.Emergency | None, dict[str, str]]:
    """What was typed (None: nothing of one's own), and why a field is wrong."""
    wrong: dict[str, str] = {}
    number = "".join(request.form.get("number", "").split())
    if number and not NUMBER.fullmatch(number):
        wrong["number"] = _("Digits alone, 3 to 15, or nothing.")
    said = {}
    for pack in made.roots:
        words = listed(request.form.get(f"words_{pack.language}", ""))
        if trouble := refused(made, pack.language, words, f"emergencies.{kind}."):
            wrong[f"words_{pack.language}"] = trouble
        if words:
            said[pack.language] = words
    return (line.Emergency(said, number) if said or number else None), wrong


def _page(kind: str, values: Mapping[str, str], wrong: Mapping[str, str] | None = None, conflict: str = "") -> Page:
    with app.sessions.read() as db:
        html = render_template(
            "desk/running/emergency.html",
            kind=kind,
            name=told.emergency(kind),
            values=values,
            trouble=wrong or {},
            conflict=conflict,
            version=changes.version(db, About(line.Emergency, kind)),
            versions=changes.history(db, About(line.Emergency, kind)),
            values_of=told.values,
            packs=line_now(db).roots,
            country=dial.numbers(app.settings.hotline_region).get(kind, ""),
        )
    return html, 422 if wrong else 409 if conflict else 200


def _kinds(made: Line) -> list[str]:
    """Those whose words the languages list; all list the same."""
    listed_here = made.roots[0].words["emergencies"]
    return list(listed_here) if isinstance(listed_here, Mapping) else []
