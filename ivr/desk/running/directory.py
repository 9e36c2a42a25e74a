"""The communities of the line, one by one: found, added, changed, retired; and how each of them is just now."""

from collections.abc import Iterator
from functools import lru_cache

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.running import duty
from ivr.desk.running.sheets import reason
from ivr.desk.running.versions import overtaken, seen, version_seen
from ivr.desk.shell import places
from ivr.desk.shell.guard import allow, bp, me, now
from ivr.desk.shell.numbers import why_not
from ivr.desk.words import PLACE_STATES
from ivr.store import hotline
from ivr.store.callers import phones
from ivr.store.directory import communities, lookup
from ivr.store.facts import line
from ivr.store.line import changes
from ivr.store.line.changes import About, Overtaken
from ivr.store.models import CommunityRow
from routing.directory import Community
from routing.directory.listing import problems
from routing.phone_numbers import dictated
from routing.tuning.confusable import close_pairs
from routing.tuning.remedies import Remedy, remedies

Page = Response | tuple[str, int]

SHOWN = 50
MAX_SEARCH_CHARS = 100
MAX_COMPARED = 3_000  # communities, each with each: a second or so
MAX_PAIRS = 30
TEXTS = ("name", "street", "district", "phone", "keypad", "dialled")
MAX_NOTE_CHARS = 120


@bp.get("/directory")
@allow("run_line")
def show_directory() -> str:
    wanted = request.args.get("q", "").strip()[:MAX_SEARCH_CHARS]
    with app.sessions.read() as db:
        statuses = changes.decided(db).of(line.Status)
        return render_template(
            "desk/running/directory.html",
            q=wanted,
            communities=lookup.search(db, wanted, SHOWN),
            most=SHOWN,
            count=communities.count(db),
            statuses={code: PLACE_STATES[status.state] for code, status in statuses.items() if status.state != "open"},
            remedies=_remedies(hotline.settings(db).directory_version) if not wanted else (),
        )


@bp.get("/directory/place")
@allow("run_line")
def show_place() -> Page:
    """A community of the directory; without a code, the form of a new one."""
    code = request.args.get("code", "")
    with app.sessions.read() as db:
        values = _values(db, code)
    return _form(values, code if values else "")


@bp.post("/directory/place")
@allow("run_line")
def save_place() -> Page:
    """Add or change a community; or retire it, or take it back."""
    code, kept = request.form.get("code", "").strip(), request.form.get("kept", "")
    with app.sessions.read() as db:
        place, wrong = _read(db, code)
        if not kept and db.get(CommunityRow, code) is not None:
            wrong["code"] = _("There is a community of this code already.")
    if wrong:
        return _form(request.form.to_dict(), kept, wrong)
    try:
        with app.sessions.begin() as db:
            changes.make(db, me(), About(line.Place, code), place, now(), seen=seen())
    except Overtaken as quicker:
        return _form(request.form.to_dict(), kept, conflict=overtaken(quicker))
    flash(_("Saved. It applies from the next call on."))
    return redirect(url_for("desk.show_place", code=code))


@bp.post("/directory/status")
@allow("run_line")
def set_status() -> Page:
    """Say that a community is closed off, restricted, or open again."""
    code, state = request.form.get("code", ""), request.form.get("state", "")
    note = " ".join(request.form.get("note", "").split())[:MAX_NOTE_CHARS]
    with app.sessions.read() as db:
        if db.get(CommunityRow, code) is None or state not in PLACE_STATES:
            return redirect(url_for("desk.show_directory"))
        values = _values(db, code)
    after = None if state == "open" and not note else line.Status(state, note)
    try:
        with app.sessions.begin() as db:
            seen_status = version_seen("status_version")
            changes.make(db, me(), About(line.Status, code), after, now(), seen=seen_status)
    except Overtaken as quicker:
        return _form(values | {"state": state, "note": note}, code, conflict=overtaken(quicker))
    flash(_("Saved. It applies from the next call on."))
    return redirect(url_for("desk.show_place", code=code))


@bp.post("/directory/duty")
@allow("run_line")
def set_place_duty() -> Page:
    """Who is rung for this community's callers where nobody is on; nobody of its own, where no number was typed."""
    code, typed = request.form.get("code", ""), duty.typed()
    with app.sessions.read() as db:
        if db.get(CommunityRow, code) is None:
            return redirect(url_for("desk.show_directory"))
        values = _values(db, code) | duty.fields()
    if typed.wrong:
        return _form(values, code, dict(typed.wrong))
    try:
        with app.sessions.begin() as db:
            phone = phones.keep(db, typed.number) if typed.number else None
            after = line.PlaceDuty(typed.contact, phone.id, phone.tail, typed.kept) if phone else None
            about = About(line.PlaceDuty, code)
            changes.make(db, me(), about, after, now(), seen=version_seen("duty_version"))
    except Overtaken as quicker:
        return _form(values, code, conflict=overtaken(quicker))
    flash(_("Saved. It applies from the next call on."))
    return redirect(url_for("desk.show_place", code=code))


def _read(db: Session, code: str) -> tuple[line.Place, dict[str, str]]:
    """What the form says of the community, and why a field is wrong."""
    typed = {field: request.form.get(field, "").strip() for field in TEXTS}
    aliases = tuple(dict.fromkeys(filter(None, map(str.strip, request.form.get("aliases", "").splitlines()))))
    numbers = {field: dictated(typed[field], app.home()) for field in ("phone", "dialled") if typed[field]}
    wrong = {field: why_not(typed[field]) for field, number in numbers.items() if number is None}
    one = Community(
        code,
        typed["name"],
        typed["street"],
        typed["district"],
        aliases=aliases,
        phone=numbers.get("phone"),
        keypad=typed["keypad"] or None,
        dialled=numbers.get("dialled"),
    )
    for problem in problems(one):
        field = problem.values.get("field", "aliases" if "aliases" in problem.text else "keypad")
        wrong.setdefault({"alias": "aliases"}.get(field, field), reason(problem))
    wrong |= dict(_taken(db, one))
    retired = request.form.get("does") == "retire"
    place = line.Place(one.name, one.street, one.district, sorted(aliases), one.phone, one.keypad, one.dialled, retired)
    return place, wrong


def _taken(db: Session, one: Community) -> Iterator[tuple[str, str]]:
    """Numbers that another community in service has."""
    for field in ("keypad", "dialled"):
        number, column = getattr(one, field), getattr(CommunityRow, field)
        theirs = select(CommunityRow).where(column == number, CommunityRow.code != one.code)
        if number and (owner := db.scalars(theirs.where(CommunityRow.retired_at.is_(None))).first()):
            yield field, _("%(name)s has this number already.", name=lookup.label(owner))


def _values(db: Session, code: str) -> dict[str, str]:
    row = db.get(CommunityRow, code) if code else None
    if row is None:
        return {}
    texts = {field: getattr(row, field) or "" for field in ("code", *TEXTS)}
    return texts | {"aliases": "\n".join(alias.name for alias in row.aliases)}


def _form(values: dict[str, str], kept: str, wrong: dict[str, str] | None = None, conflict: str = "") -> Page:
    about, status_about, duty_about = (About(kind, kept) for kind in (line.Place, line.Status, line.PlaceDuty))
    with app.sessions.read() as db:
        row = db.get(CommunityRow, kept) if kept else None
        status = changes.latest(db, status_about)
        decided = status.is_now if status else None
        if isinstance(decided, line.Status):
            values = {"state": decided.state, "note": decided.note} | values
        values = duty.shown(db, changes.now_in_force(db, duty_about)) | values
        html = render_template(
            "desk/running/place.html",
            duty_version=changes.version(db, duty_about),
            row=row,
            values=values,
            trouble=wrong or {},
            conflict=conflict,
            version=changes.version(db, about),
            status_version=status.id if status else 0,
            status=status if decided else None,
            states=list(PLACE_STATES.items()),
        )
    return html, 422 if wrong else 409 if conflict else 200


def _remedies(version: int) -> tuple[Remedy, ...]:
    """What helps the names that callers confuse most."""
    with app.sessions.read() as db:
        directory = places.matcher(db).directory
    return _compared(app.matcher, version) if len(directory) <= MAX_COMPARED else ()


@lru_cache(maxsize=4)
def _compared(matcher: object, version: int) -> tuple[Remedy, ...]:
    directory = app.matcher.at(version).directory
    return tuple(remedies(close_pairs(directory, MAX_PAIRS), directory))
